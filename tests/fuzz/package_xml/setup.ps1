$EAP='<CAHashList Enabled="true"><IssuerHash>01 23 45 67 89 AB CD EF 01 23 45 67 89 AB CD EF 01 23 45 67 </IssuerHash></CAHashList>'
