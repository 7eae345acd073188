# SPDX-License-Identifier: MIT
"""azure.py - set `azure`: a root and its clients, and what Azure has: client packages, states of a gateway, lists.

Azure's files come from the templates of tests/data, which the tests of p11ca use as well.
"""
import base64
import hashlib
import io
import pathlib
import re
import zipfile

import der
import sets

DATA = pathlib.Path(__file__).parents[2] / 'tests' / 'data'
CLIENTS = (('alice', 'alice@contoso.com', sets.VALID, 'a client'),
           ('bob', 'bob@contoso.com', sets.VALID, 'a client whose certificate is revoked'),
           ('carol', 'carol@contoso.com', ('2026-01-01 00:00:00', '2026-07-01 00:00:00'),
            'a client whose certificate expires on 2026-07-01'))
REVOKED = '2026-06-01 00:00:00'


def thumbprint(data):
    return hashlib.sha1(data).hexdigest()


def filled(path, gateway_root, client_root):
    """A template with its @WORDS@ replaced and with CRLF, as Azure writes it."""
    spaced = ' '.join(re.findall('..', thumbprint(client_root).upper()))
    words = {'ROOT': base64.b64encode(gateway_root).decode(), 'ROOT_SHA1': thumbprint(gateway_root),
             'ROOT_PEM': der.pem('CERTIFICATE', gateway_root).decode().rstrip('\n'),
             'CLIENT_ROOT': thumbprint(client_root), 'CLIENT_ROOT_SPACED': spaced + ' '}
    text = re.sub('@([A-Z0-9_]+)@', lambda word: words[word.group(1)], (DATA / 'package' / path).read_text())
    return text.replace('\n', '\r\n').encode()


def package(members):
    """A zip with Azure's backslashes.  Not compressed: zlib's releases differ."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, 'w', zipfile.ZIP_STORED) as package_zip:
        for name, content in members:
            member = zipfile.ZipInfo('x', (2026, 1, 1, 0, 0, 0))
            member.filename, member.create_system, member.external_attr = name, 0, 0
            package_zip.writestr(member, content)
    return data.getvalue()


def packages(made, gateway_root, client_root):
    def file(path):
        return filled(path, gateway_root, client_root)
    program = ('WindowsAmd64\\VpnClientSetupAmd64.exe', b'MZ\n')
    made.files['files/package-1.zip'] = package((
        ('Generic\\VpnSettings.xml', file('settings-1.xml')), ('Generic\\VpnServerRoot.cer', gateway_root), program))
    made.files['files/package-2.zip'] = package((
        ('Generic\\VpnSettings.xml', file('settings-2.xml')), ('Generic\\VpnServerRoot.cer_0', gateway_root),
        ('OpenVPN\\vpnconfig.ovpn', file('vpnconfig.ovpn')), ('AzureVPN\\azurevpnconfig.xml', file('azurevpnconfig.xml')),
        ('WindowsPowershell\\VpnProfileSetup.ps1', file('VpnProfileSetup.ps1')), program))


def states(made, root, other, revoked):
    """gateway.json trusts both roots; in gateway-revoked.json bob's certificate is also refused."""
    text = (DATA / 'gateway' / 'vnet-gateway.json').read_text()
    text = text.replace('@CLIENT_ROOT_DATA@', base64.b64encode(root).decode())
    text = text.replace('@OTHER_ROOT_DATA@', base64.b64encode(other).decode())
    made.files['files/gateway.json'] = text.encode()
    placeholder = '51AB1EDD8DA4CFED77E20061C5EB6D2EF2F77800'
    made.files['files/gateway-revoked.json'] = text.replace(placeholder, thumbprint(revoked).upper()).encode()
    lists = re.search(r'"vpnClientRootCertificates": (\[.*?\n    \])', text, re.S).group(1)
    made.files['files/root-list.json'] = re.sub('(?m)^    ', '', lists).encode() + b'\n'


def azure():
    made = sets.Set('azure')
    root, gateway = sets.key('azure-root'), sets.key('azure-gateway-root')
    token = made.token('azure-root', 'root', 'the root of the clients')
    root_data = made.root('root', root, common_name='contoso')
    made.files['files/root.base64'] = base64.b64encode(root_data)
    made.pair(token, b'\1', 'root', root)
    made.certificate(token, b'\1', 'root', root_data)
    issued = {}
    for i, (name, email, validity, purpose) in enumerate(CLIENTS, 2):
        secret, cka_id = sets.key(f'azure-{name}'), bytes([i])
        token = made.token(f'azure-{name}', name, purpose)
        issued[name] = made.client(name, email, secret, ('contoso', root), validity)
        made.pair(token, cka_id, email, secret)
        made.certificate(token, cka_id, email, issued[name])
        made.request(name, email, secret)
    made.file('root.crl', 'X509 CRL', der.crl(sets.subject('contoso'), root, 1, (REVOKED, sets.VALID[1]),
                                              [(der.serial('bob'), REVOKED)]))
    gateway_data = made.root('gateway-root', gateway, common_name='gateway')
    packages(made, gateway_data, root_data)
    states(made, root_data, gateway_data, issued['bob'])
    return made
