"""test_pkcs11.py - a pytest fixture and a test: run `pytest test_pkcs11.py`; needs PyKCS11 (Debian: python3-pykcs11).

Every process of pytest-xdist has a fixture of its own.
"""
import os
import subprocess

import PyKCS11
import pytest


@pytest.fixture(scope='session')
def hsm(tmp_path_factory):
    """The variables that `softhsm-fixture env` prints, also in os.environ, as SoftHSM reads SOFTHSM2_CONF there."""
    folder = str(tmp_path_factory.mktemp('softhsm') / 'hsm')
    subprocess.run(['softhsm-fixture', 'up', '--set', 'minimal', folder], check=True)
    lines = subprocess.run(['softhsm-fixture', 'env', '--plain', folder], check=True, stdout=subprocess.PIPE, text=True).stdout
    variables = dict(line.split('=', 1) for line in lines.splitlines())
    os.environ.update(variables)
    yield variables
    subprocess.run(['softhsm-fixture', 'down', folder], check=True)


@pytest.fixture
def card(hsm):
    """A session on the token 'card', logged in.  Tokens are found by their label: slot numbers have no meaning."""
    library = PyKCS11.PyKCS11Lib()
    library.load(hsm['PKCS11_MODULE_PATH'])
    slot = next(s for s in library.getSlotList(tokenPresent=True) if library.getTokenInfo(s).label.strip() == 'card')
    session = library.openSession(slot)
    session.login(hsm['SOFTHSM_FIXTURE_PIN'])
    yield session
    session.logout()
    session.closeSession()


def key(session, kind):
    return session.findObjects([(PyKCS11.CKA_CLASS, kind), (PyKCS11.CKA_ID, b'\x02')])[0]


def test_card_signs(card):
    mechanism = PyKCS11.Mechanism(PyKCS11.CKM_SHA256_RSA_PKCS, None)
    signature = card.sign(key(card, PyKCS11.CKO_PRIVATE_KEY), b'a message', mechanism)
    assert card.verify(key(card, PyKCS11.CKO_PUBLIC_KEY), b'a message', signature, mechanism)
    assert not card.verify(key(card, PyKCS11.CKO_PUBLIC_KEY), b'another message', signature, mechanism)


def test_private_key_stays_on_the_card(card):
    secret = card.getAttributeValue(key(card, PyKCS11.CKO_PRIVATE_KEY), [PyKCS11.CKA_PRIVATE_EXPONENT])
    assert secret == [None]
