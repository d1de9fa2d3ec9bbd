"""Computes the vectors of this folder with other code than ours: hashlib, hmac and PyCA cryptography.

Command: python3 vectors/accounts/produce.py   (Python 3.11, cryptography 48.0.0; writes the .json files beside it)
"""
import base64, hashlib, hmac, json, pathlib
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

ORIGIN = 'Computed by vectors/accounts/produce.py with hashlib, hmac and PyCA cryptography 48.0.0; no code of this project takes part.'
HERE = pathlib.Path(__file__).parent
CROCKFORD = '0123456789abcdefghjkmnpqrstvwxyz'


def b64(data):
    return base64.urlsafe_b64encode(data).rstrip(b'=').decode()


def unb64(text):
    return base64.urlsafe_b64decode(text + '=' * (-len(text) % 4))


def hkdf(secret, purpose, salt=b''):
    """RFC 5869 with SHA-256, one block of output."""
    pseudorandom = hmac.new(salt or bytes(32), secret, hashlib.sha256).digest()
    return hmac.new(pseudorandom, b'mhmd/1/' + purpose.encode() + b'\x01', hashlib.sha256).digest()


def signing_key(seed):
    return Ed25519PrivateKey.from_private_bytes(seed)


def public(key):
    return b64(key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw))


def canonical(value):
    """RFC 8785 for what is used here: keys of ASCII, integers, no control characters."""
    return json.dumps(value, sort_keys=True, separators=(',', ':'), ensure_ascii=False).encode()


def statement_bytes(kind, value):
    return b'mhmd/1/' + kind.encode() + b'\n' + canonical(value)


def base32(data):
    bits = ''.join(f'{byte:08b}' for byte in data)
    bits += '0' * (-len(bits) % 5)
    return ''.join(CROCKFORD[int(bits[at:at + 5], 2)] for at in range(0, len(bits), 5))


def seeds():
    yield bytes(32)
    yield bytes(range(32))
    yield hashlib.sha256(b'a citizen').digest()


def derivations():
    for seed in seeds():
        for member in ('rome', 'berlin', 'a-very-long-name-of-30-letters'):
            yield {
                'seed': b64(seed), 'member': member,
                'account': public(signing_key(hkdf(seed, f'account/{member}'))),
                'decision': public(signing_key(hkdf(seed, f'holder/{member}/decision'))),
                'decision2': public(signing_key(hkdf(seed, f'holder/{member}/decision/2'))),
                'recovery': public(signing_key(hkdf(seed, f'holder/{member}/recovery'))),
            }


def recovery_codes():
    for secret in (bytes(20), bytes([255]) * 20, hashlib.sha256(b'paper').digest()[:20]):
        check = base32(hashlib.sha256(b'mhmd/1/recovery-code\n' + secret).digest())[:4]
        text = base32(secret) + check
        yield {'secret': b64(secret), 'code': '-'.join(text[at:at + 4] for at in range(0, len(text), 4))}


def wrapped_seeds():
    for kind, length in (('recovery-kit', 20), ('passkey', 32)):
        secret, salt, nonce, seed = (hashlib.sha256(f'{kind} {part}'.encode()).digest() for part in ('secret', 'salt', 'nonce', 'seed'))
        secret, nonce = secret[:length], nonce[:12]
        key = hkdf(secret, f'wrapped-seed/{kind}', salt)
        sealed = nonce + AESGCM(key).encrypt(nonce, seed, f'mhmd/1/wrapped-seed/{kind}'.encode())
        yield {'secret': b64(secret), 'seed': b64(seed), 'access': public(signing_key(hkdf(secret, f'wrapped-seed-access/{kind}'))), 'wrapped': {'format': 'mhmd-wrapped-seed/1', 'kind': kind, 'salt': b64(salt), 'sealed': b64(sealed)}}


def decisions():
    """The bytes a fixed source of randomness gives (a counter, from zero) make salt and operation id."""
    seed = bytes(range(32))
    key = signing_key(hkdf(seed, 'holder/rome/decision'))
    place = {'network': b64(hashlib.sha256(b'network').digest()), 'holder': 'rome', 'subject': base32(bytes(range(16))), 'version': 3}
    notice = b64(hashlib.sha256(b'notice').digest())
    terms = {
        'format': 'mhmd-consent-terms/1', 'from': 1800000000000, 'until': 1900000000000, 'prohibitions': [], 'despiteOptOut': False, 'returnsWanted': [],
        'permissions': [{'recipients': {'members': ['institute'], 'classes': [], 'countries': []}, 'purposes': [], 'uses': [], 'categories': [], 'form': 'computation'}],
    }
    salt = bytes(range(32))
    operation_id = base32(bytes(range(32, 48)))
    no_end = 253402300799999
    for kind, operation, expires, wanted in (('consent', 'set', no_end, terms), ('consent', 'withdraw', no_end, None), ('opt-out', 'set', no_end, None), ('opt-out', 'withdraw', 1850000000000, None)):
        content = {'terms': wanted, 'notice': notice}
        commitment = b64(hashlib.sha256(salt + statement_bytes('commitment/decision-content', content)).digest())
        statement = {**place, 'contract': 'consents@1' if kind == 'consent' else 'opt-outs@1', 'operation': operation, 'content': commitment, 'expires': expires, 'operationId': operation_id}
        signed = statement_bytes('consent-decision' if kind == 'consent' else 'opt-out', statement)
        yield {
            'seed': b64(seed), 'notice': notice, 'terms': wanted, 'expires': expires, 'signedBytes': signed.decode(),
            'decision': {'kind': kind, 'statement': statement, 'key': public(key), 'signature': b64(key.sign(signed)), 'opening': {'content': content, 'salt': b64(salt)}},
        }


for name, rows in (('derivations', derivations()), ('recovery-codes', recovery_codes()), ('wrapped-seeds', wrapped_seeds()), ('decisions', decisions())):
    (HERE / f'{name}.json').write_text(json.dumps({'origin': ORIGIN, 'vectors': list(rows)}, indent=2, ensure_ascii=False) + '\n')
