"""Hooks of the schemathesis run: signs each request as it leaves (RFC 9421, written here anew from the RFC and not from our own
code, so that it judges that too), or shows a session; notes every answer's status; and holds a refusal against what was sent.
MHMD_SEED: the key's 32 bytes, hex. MHMD_COOKIE, MHMD_CSRF: a session instead. MHMD_NOTES: the file of notes."""
import base64, hashlib, json, os, secrets, time
from urllib.parse import urlsplit

import requests
import schemathesis
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

COMPONENTS = '("@method" "@authority" "@path" "@query" "content-digest")'
# Documents inside documents, whose rules a description can't tell; and one pattern that Python and ECMAScript read differently
# outside the Basic Multilingual Plane, in an organisation's name, which the ledger's contracts fix for good.
APART = {'view-definition'}
OTHER_READING = '/member/name (pattern)'


# Whose refusal says that the input does not follow the schema.
NOT_VALID = 'SCHEMA_NOT_VALID'


def base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b'=').decode()


def body_bytes(body):
    if body is None:
        return b''
    return body.encode() if isinstance(body, str) else bytes(body)


class Signed(requests.auth.AuthBase):
    def __init__(self, seed):
        self.key = Ed25519PrivateKey.from_private_bytes(seed)
        self.keyid = base64url(self.key.public_key().public_bytes_raw())

    def __call__(self, request):
        url = urlsplit(request.url)
        digest = 'sha-256=:' + base64.b64encode(hashlib.sha256(body_bytes(request.body)).digest()).decode() + ':'
        now = int(time.time())
        params = f'{COMPONENTS};created={now};expires={now + 60};nonce="{base64url(secrets.token_bytes(18))}";keyid="{self.keyid}";alg="ed25519"'
        lines = [('@method', request.method), ('@authority', url.netloc), ('@path', url.path), ('@query', '?' + url.query), ('content-digest', digest), ('@signature-params', params)]
        signature = self.key.sign('\n'.join(f'"{name}": {value}' for name, value in lines).encode())
        request.headers['content-digest'] = digest
        request.headers['signature-input'] = 'mhmd=' + params
        request.headers['signature'] = 'mhmd=:' + base64.b64encode(signature).decode() + ':'
        return request


class InSession(requests.auth.AuthBase):
    def __call__(self, request):
        request.headers['cookie'] = os.environ['MHMD_COOKIE']
        request.headers['x-mhmd-csrf'] = os.environ['MHMD_CSRF']
        request.headers['sec-fetch-site'] = 'same-origin'
        return request


@schemathesis.serializer('application/vnd.mhmd.upload')
def upload(ctx, value):
    return value if isinstance(value, bytes) else str(value).encode()


schemathesis.auth.set_from_requests(InSession() if 'MHMD_COOKIE' in os.environ else Signed(bytes.fromhex(os.environ['MHMD_SEED'])))


def code_of(response):
    try:
        return json.loads(response.content)['error']['code'] if response.status_code >= 400 else ''
    except (ValueError, KeyError, TypeError):
        return ''


@schemathesis.hook
def before_call(context, case, kwargs):
    """A stream without its end lasts as long as a page is open: a case that leaves it out would wait for that."""
    if case.operation.path == '/staff/1/events' and 'seconds' not in (case.query or {}):
        case.query = {**(case.query or {}), 'seconds': '0'}


@schemathesis.hook
def after_call(context, case, response):
    with open(os.environ['MHMD_NOTES'], 'a') as notes:
        notes.write(f'{case.operation.method.upper()} {case.operation.path} {response.status_code} {code_of(response)}\n')


@schemathesis.check
def valid_input_is_not_called_invalid(ctx, response, case):
    """What follows the description may be refused for many reasons, but not for not following it."""
    mode = case.meta.generation.mode if case.meta else None
    if mode is None or not mode.is_positive or code_of(response) != NOT_VALID:
        return
    error = response.json()['error']
    if error['details']['document'] not in APART and error['details']['problems'] != OTHER_READING:
        raise AssertionError(f'valid by the description, refused as not valid: {error["message"]}')


@schemathesis.check
def refusals_have_code_and_remedy(ctx, response, case):
    if response.status_code < 400:
        return
    error = response.json()['error']
    assert error['code'] and error['remedy'] and error['message'], 'a refusal without code, message or remedy'
    for name in ('password', 'stack', 'at file:', 'node_modules'):
        assert name not in response.text, f'a refusal that shows {name}'
