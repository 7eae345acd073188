noinst_LIBRARIES += libprofiles.a
libprofiles_a_SOURCES = \
	src/profiles/azurevpn.c \
	src/profiles/files.c src/profiles/files.h \
	src/profiles/install.c src/profiles/install.h \
	src/profiles/ipsec.c \
	src/profiles/letter.c src/profiles/letter.h \
	src/profiles/mobileconfig.c \
	src/profiles/networkmanager.c \
	src/profiles/openvpn.c \
	src/profiles/pfx.c \
	src/profiles/profile.h \
	src/profiles/profiles.c \
	src/profiles/recipe.c src/profiles/recipe.h \
	src/profiles/rules.c \
	src/profiles/sswan.c \
	src/profiles/strongswan.c src/profiles/strongswan.h \
	src/profiles/swanctl.c \
	src/profiles/text.c src/profiles/text.h \
	src/profiles/windows.c \
	src/profiles/windows_device.c \
	src/profiles/windows_files.c \
	src/profiles/windows_xml.c src/profiles/windows_xml.h

unit_tests += tests/unit/profiles/test_profiles tests/unit/profiles/test_profile_files tests/unit/profiles/test_profile_values
profile_kit = tests/unit/profiles/profile_kit.h tests/unit/unit.h
tests_unit_profiles_test_profile_files_SOURCES = tests/unit/profiles/test_profile_files.c $(profile_kit)
tests_unit_profiles_test_profile_files_LDADD = $(PROFILES) $(CMOCKA_LIBS)
tests_unit_profiles_test_profile_values_SOURCES = tests/unit/profiles/test_profile_values.c $(profile_kit)
tests_unit_profiles_test_profile_values_LDADD = $(PROFILES) $(CMOCKA_LIBS)
EXTRA_DIST += tests/data/profiles/azurevpn.txt tests/data/profiles/ipsec.txt tests/data/profiles/mobileconfig.txt \
	tests/data/profiles/networkmanager.txt tests/data/profiles/openvpn.txt tests/data/profiles/pfx.txt \
	tests/data/profiles/sswan.txt tests/data/profiles/swanctl.txt tests/data/profiles/windows.txt \
	tests/data/profiles/windows-device.txt
tests_unit_profiles_test_profiles_SOURCES = tests/unit/profiles/test_profiles.c tests/unit/unit.h
tests_unit_profiles_test_profiles_LDADD = $(PROFILES) $(CMOCKA_LIBS)

# Windows and Apple.  Their tests need real certificates: the kit of x509.
desktop_kit = tests/unit/profiles/desktop_kit.c tests/unit/profiles/desktop_kit.h $(x509_kit)
unit_tests += tests/unit/profiles/test_desktop
tests_unit_profiles_test_desktop_SOURCES = tests/unit/profiles/test_desktop.c $(desktop_kit)
tests_unit_profiles_test_desktop_LDADD = libprofiles.a libout.a $(X509) $(JANSSON_LIBS) $(CMOCKA_LIBS)

if HAVE_CMOCKA
check_PROGRAMS += tests/integration/desktop-files
endif
tests_integration_desktop_files_SOURCES = tests/integration/desktop-files.c $(desktop_kit)
tests_integration_desktop_files_LDADD = libprofiles.a libout.a $(X509) $(JANSSON_LIBS) $(CMOCKA_LIBS)
shell_tests += \
	tests/integration/profile/profiles-desktop.t
EXTRA_DIST += tests/data/microsoft/BaseEapConnectionPropertiesV1.xsd tests/data/microsoft/EapCommon.xsd \
	tests/data/microsoft/EapHostConfig.xsd tests/data/microsoft/EapTlsConnectionPropertiesV1.xsd \
	tests/data/microsoft/EapTlsConnectionPropertiesV2.xsd tests/data/microsoft/EapTlsConnectionPropertiesV3.xsd \
	tests/data/microsoft/VPNProfile.xsd
