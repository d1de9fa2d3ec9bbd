"""Checks the cryptography of these vectors with other code than ours: json, hashlib and PyCA cryptography.

Command: python3 vectors/contracts/check.py   (Python 3.11, cryptography 48.0.0; prints counts, exits 1 on a difference)
Recomputed: canonical bytes, transaction ids, network id, keys from seeds, and which signatures hold. Not recomputed: the contracts.
"""
import base64, hashlib, json, pathlib, sys
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

HERE = pathlib.Path(__file__).parent
counts = {'transactions': 0, 'ids': 0, 'signatures that hold': 0, 'signatures that do not': 0, 'seeds': 0}


def b64(data):
    return base64.urlsafe_b64encode(data).rstrip(b'=').decode()


def unb64(text):
    return base64.urlsafe_b64decode(text + '=' * (-len(text) % 4))


def statement(kind, value):
    """Member names are ASCII and numbers are integers here, so sorting by code point and plain printing are RFC 8785."""
    return b'mhmd/1/' + kind.encode() + b'\n' + json.dumps(value, sort_keys=True, separators=(',', ':'), ensure_ascii=False).encode()


def holds(key, kind, value, signature):
    try:
        Ed25519PublicKey.from_public_bytes(unb64(key)).verify(unb64(signature), statement(kind, value))
        counts['signatures that hold'] += 1
        return True
    except InvalidSignature:
        counts['signatures that do not'] += 1
        return False


def inner(tx):
    """The signatures inside a payload, as (key, kind, statement, signature)."""
    name, p = tx['contract'] + ' ' + tx['operation'], tx['payload']
    if name == 'participants@1 propose':
        return [(p['member']['signingKey'], 'membership-application', {'network': tx['network'], 'contract': 'participants@1', 'member': p['member']}, p['signature'])]
    if name == 'participants@1 rotate' and 'newKeySignature' in p:
        return [(p['statement']['changes']['signingKey'], 'member-rotation', p['statement'], p['newKeySignature'])]
    if name == 'keys@1 enrol':
        s, by = p['statement'], p['signatures']
        return [(by['holder']['key'], 'key-enrolment', s, by['holder']['signature']), (by['provider']['key'], 'key-enrolment', s, by['provider']['signature']), (s['key'], 'key-enrolment', s, by['subject'])]
    if name == 'keys@1 replace':
        s = p['statement']
        return [(p['key'], 'key-replacement', s, p['signature']), (s['newKey'], 'key-replacement', s, p['newKeySignature'])]
    if name == 'keys@1 close':
        return [(by['key'], 'key-closing', p['statement'], by['signature']) for by in p['signatures'].values()]
    if name == 'consents@1 decide':
        return [(p['key'], 'consent-decision', p['statement'], p['signature'])]
    if name == 'opt-outs@1 declare':
        return [(p['key'], 'opt-out', p['statement'], p['signature'])]
    if name == 'consents@1 desk':
        return [(key, 'desk-declaration', p['statement'], signature) for key, signature in zip(p['statement']['staff'], p['signatures'])]
    if name == 'releases@2 assess':
        return [(p['by']['key'], 'release-assessment', p['statement'], p['by']['signature'])]
    return []


def check(step, where):
    tx, code = step['transaction'], step['code']
    counts['transactions'] += 1
    if 'id' not in step or code == 'CONTRACT_BAD_PAYLOAD':
        return
    unsigned = {name: value for name, value in tx.items() if name != 'signature'}
    assert b64(hashlib.sha256(statement('transaction', unsigned)).digest()) == step['id'], where
    counts['ids'] += 1
    held = [holds(tx['key'], 'transaction', unsigned, tx['signature'])] + [holds(*proof) for proof in inner(tx)]
    if code == 'CONTRACT_BAD_SIGNATURE':
        assert not all(held), where
    elif code in ('VALID', 'CONTRACT_VERSION_CONFLICT', 'CONTRACT_NOT_HER_KEY'):
        assert all(held), where
    if tx['contract'] + tx['operation'] in ('consents@1decide-batch', 'opt-outs@1declare-batch') and code == 'VALID':
        kind = 'consent-decision' if tx['contract'] == 'consents@1' else 'opt-out'
        for item, became in zip(tx['payload']['items'], step['items'], strict=True):
            if became in ('VALID', 'CONTRACT_BAD_SIGNATURE'):
                assert holds(item['key'], kind, item['statement'], item['signature']) == (became == 'VALID'), where


genesis = json.loads((HERE / 'genesis.json').read_text())['cases'][0]['steps'][0]['transaction']
document = genesis['payload']['document']
assert b64(hashlib.sha256(statement('network', document)).digest()) == genesis['network']
for founder in document['founders']:
    seed = hashlib.sha256(f'mhmd contract vectors/{founder["id"]}'.encode()).digest()
    assert b64(Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)) == founder['signingKey']
    counts['seeds'] += 1
for file in sorted(HERE.glob('*.json')):
    for case in json.loads(file.read_text())['cases']:
        for step in case['steps']:
            if step != 'genesis':
                check(step, f'{file.name}: {case["title"]}')
print(', '.join(f'{count} {what}' for what, count in counts.items()))
sys.exit(0 if counts['ids'] > 100 and counts['signatures that do not'] > 5 else 1)
