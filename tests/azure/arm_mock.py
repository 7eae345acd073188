# SPDX-License-Identifier: MIT
"""arm_mock.py FOLDER - stands in for login.microsoftonline.com and management.azure.com, over TLS on 127.0.0.1:443.

FOLDER/tls.pem            key and certificate
FOLDER/resources/*.json   resources as ARM returns them; a PUT replaces the file's content
FOLDER/subscriptions.json [{"id", "name"}]
FOLDER/sessions.json      {ID OF A GATEWAY: [{"vpnConnectionId", "vpnUserName", ...}]}
FOLDER/fail               {"at": N, "times": N, "match": REGEX, "status": N, "headers": {}, "body": {}, "cut": BYTES}:
                          the Nth and later requests whose "METHOD PATH" matches fail, until FOLDER/log is emptied
FOLDER/meanwhile          {"at": N, "times": N, "match": REGEX, "resource": {}}: before the Nth and later requests that match,
                          somebody else makes this of the resource with its id, until FOLDER/log is emptied
FOLDER/log                one line of JSON for each request: n, method, path, api, if_match, body, status
"""
import glob
import http.server
import json
import os
import re
import ssl
import sys
import threading
import time
import urllib.parse

import arm_rules
from arm_rules import Refused

FOLDER = sys.argv[1]
TENANT = "7e570000-0000-4000-8000-00000000000a"
API = "2024-05-01"
BUSY_SECONDS = 0.3  # how long an operation that nobody asks for takes; until it is over another one is refused
LOCK = threading.Lock()
busy = {}  # id of a resource: when its operation ends
operations = []  # [id of the resource, what it returns, how often it was asked for]


def read(name, default):
    try:
        with open(os.path.join(FOLDER, name), encoding="utf-8") as file:
            text = file.read()
    except FileNotFoundError:
        return default
    return json.loads(text) if text.strip() else default


def write(path, value):
    with open(path + ".new", "w", encoding="utf-8") as file:
        json.dump(value, file, indent=1)
    os.rename(path + ".new", path)


def find(path):
    """The file and the content of the resource with this id."""
    for name in glob.glob(os.path.join(FOLDER, "resources", "*.json")):
        with open(name, encoding="utf-8") as file:
            resource = json.load(file)
        if resource["id"].lower() == path.lower():
            return name, resource
    raise Refused(404, "ResourceNotFound", f"The Resource '{path.partition('/providers/')[2]}' was not found.")


def log_lines():
    with open(os.path.join(FOLDER, "log"), "a+", encoding="utf-8") as file:
        file.seek(0)
        return [json.loads(line) for line in file]


def ordered(name, method, path):
    """What the file orders for this request, or None."""
    wanted = read(name, None)
    if not wanted:
        return None
    match = re.compile(wanted.get("match", ""))
    if not match.search(f"{method} {path}"):
        return None
    n = 1 + sum(1 for line in log_lines() if match.search(f"{line['method']} {line['path']}"))
    return wanted if wanted.get("at", 1) <= n < wanted.get("at", 1) + wanted.get("times", 1) else None


def change_meanwhile(method, path):
    """What somebody else does before this request."""
    wanted = ordered("meanwhile", method, path)
    if wanted:
        name, _ = find(wanted["resource"]["id"])
        write(name, {**wanted["resource"], "etag": arm_rules.next_etag()})


def begin(path, location, result):
    """Headers of an operation that has begun (RPC addendum of ARM, asynchronous operations)."""
    subscription = path.split("/")[2]
    operation = f"op{len(operations)}"
    busy[path.lower()] = time.monotonic() + BUSY_SECONDS
    operations.append([path.lower(), result, 0])
    base = f"https://management.azure.com/subscriptions/{subscription}/providers/Microsoft.Network/locations/{location}"
    return {"Azure-AsyncOperation": f"{base}/operations/{operation}?api-version={API}",
            "Location": f"{base}/operationResults/{operation}?api-version={API}",
            "retry-after-ms": "50"}


def check_not_busy(path):
    if busy.get(path.lower(), 0) > time.monotonic():
        raise Refused(409, "AnotherOperationInProgress",
                      f"Another operation on this or dependent resource is in progress. Resource: {path}")


def kind_of(path):
    parts = path.lower().split("/")
    return "/".join(parts[6:8]) if len(parts) > 7 else ""


def put(path, body, if_match):
    name, old = find(path)
    check_not_busy(path)
    arm_rules.check_if_match(if_match, old)
    arm_rules.check_put(kind_of(path), body)
    new = arm_rules.applied(kind_of(path), old, body)
    write(name, new)
    headers = begin(path, new["location"], new)
    return 200, {**new, "properties": {**new["properties"], "provisioningState": "Updating"}}, headers


def disconnect(path, body):
    wanted = body.get("vpnConnectionIds") if isinstance(body, dict) else None
    if not isinstance(wanted, list) or list(body) != ["vpnConnectionIds"]:
        arm_rules.refuse("vpnConnectionIds: a list was expected")
    sessions = read("sessions.json", {})
    mine = sessions.get(path.lower(), [])
    for one in wanted:
        if one not in [session["vpnConnectionId"] for session in mine]:
            arm_rules.refuse(f"VPN connection {one} does not exist", "VpnConnectionNotFound")
    sessions[path.lower()] = [session for session in mine if session["vpnConnectionId"] not in wanted]
    write(os.path.join(FOLDER, "sessions.json"), sessions)
    return None


def health(path, body):
    if body not in (None, {}):
        arm_rules.refuse("no body was expected")
    return {"value": read("sessions.json", {}).get(path.lower(), [])}


ACTIONS = {
    "microsoft.network/virtualnetworkgateways/getvpnclientconnectionhealth": health,
    "microsoft.network/virtualnetworkgateways/disconnectvirtualnetworkgatewayvpnconnections": disconnect,
    "microsoft.network/p2svpngateways/disconnectp2svpnconnections": disconnect,
}


def post(path, body):
    path, _, action = path.rpartition("/")
    run = ACTIONS.get(f"{kind_of(path)}/{action.lower()}")
    if not run:
        raise Refused(404, "InvalidResourceType", f"There is no action '{action}' of '{kind_of(path)}'")
    resource = find(path)[1]
    check_not_busy(path)
    return 202, None, begin(path, resource["location"], run(path, body))


def operation(path):
    """Its status, or its result; it is over when that is asked for the second time."""
    what, name = path.split("/")[-2:]
    found = operations[int(name[2:])]
    found[2] += 1
    wait = {"retry-after-ms": "50", "Location": f"https://management.azure.com{path}?api-version={API}"}
    if found[2] < 2:
        return (200, {"status": "InProgress"}, wait) if what == "operations" else (202, None, wait)
    busy.pop(found[0], None)
    if what == "operations":
        return 200, {"status": "Succeeded"}, {}
    return (204, None, {}) if found[1] is None else (200, found[1], {})


def get(path):
    if path.rstrip("/").lower() == "/subscriptions":
        return 200, {"value": [{"id": f"/subscriptions/{one['id']}", "subscriptionId": one["id"], "tenantId": TENANT,
                                "displayName": one["name"], "state": "Enabled", "managedByTenants": [],
                                "authorizationSource": "RoleBased"} for one in read("subscriptions.json", [])]}, {}
    if re.search("/locations/[^/]+/operation(s|Results)/", path):
        return operation(path)
    if path.lower().endswith("/providers/microsoft.network"):
        return 200, {"namespace": "Microsoft.Network", "registrationState": "Registered", "resourceTypes": [
            {"resourceType": kind, "locations": [], "apiVersions": [API]}
            for kind in ("virtualNetworkGateways", "vpnServerConfigurations", "p2sVpnGateways")]}, {}
    resource = find(path)[1]
    if busy.get(path.lower(), 0) > time.monotonic():
        resource["properties"]["provisioningState"] = "Updating"
    return 200, resource, {}


def management(method, path, api, body, if_match):
    """Status, body, headers."""
    try:
        if not re.fullmatch(r"20(1[5-9]|2\d)-\d\d-\d\d(-preview)?", api):
            raise Refused(400, "InvalidApiVersionParameter", f"The api-version '{api}' is invalid.")
        if method == "GET":
            return get(path)
        if method == "PUT":
            return put(path, body, if_match)
        if method == "POST":
            return post(path, body)
        raise Refused(405, "MethodNotAllowed", f"{method} is not supported here")
    except Refused as refused:
        return refused.status, {"error": {"code": refused.code, "message": refused.message, "details": refused.details}}, {}


def login(method, path):
    base = f"https://login.microsoftonline.com/{TENANT}"
    if path.endswith("/.well-known/openid-configuration"):
        return 200, {"issuer": f"{base}/v2.0", "authorization_endpoint": f"{base}/oauth2/v2.0/authorize",
                     "token_endpoint": f"{base}/oauth2/v2.0/token",
                     "device_authorization_endpoint": f"{base}/oauth2/v2.0/devicecode"}, {}
    if method == "POST" and path.endswith("/oauth2/v2.0/token"):
        return 200, {"token_type": "Bearer", "expires_in": 86399, "ext_expires_in": 86399, "access_token": "of-the-test"}, {}
    return 404, {"error": "not_found"}, {}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # else each answer waits 40 ms for the other side's acknowledgement

    def handle(self):
        try:
            super().handle()
        except ConnectionError:
            pass  # az ends without closing its connection

    def log_message(self, format, *args):  # pylint: disable=redefined-builtin
        pass

    def body(self):
        data = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if not data or "json" not in self.headers.get("Content-Type", ""):
            return None
        return json.loads(data)

    def answer(self):
        url = urllib.parse.urlsplit(self.path)
        path, body = re.sub("//+", "/", urllib.parse.unquote(url.path)), self.body()  # az resource doubles one slash
        if self.headers.get("Host", "").startswith("login."):
            return self.reply(*login(self.command, path))
        if not self.headers.get("Authorization", "").startswith("Bearer "):
            return self.reply(401, {"error": {"code": "AuthenticationFailed", "message": "no token"}}, {})
        api = urllib.parse.parse_qs(url.query).get("api-version", [""])[0]
        with LOCK:
            if_match = self.headers.get("If-Match")
            change_meanwhile(self.command, path)
            wrong = ordered("fail", self.command, path)
            if wrong and "status" in wrong:
                status, result, headers = wrong["status"], wrong.get("body"), wrong.get("headers", {})
            else:
                status, result, headers = management(self.command, path, api, body, if_match)
            with open(os.path.join(FOLDER, "log"), "a+", encoding="utf-8") as file:
                file.seek(0)
                n = 1 + sum(1 for _ in file)
                file.write(json.dumps({"n": n, "method": self.command, "path": path, "api": api, "if_match": if_match, "body": body,
                                       "status": status}) + "\n")
        return self.reply(status, result, headers, (wrong or {}).get("cut"))

    def reply(self, status, result, headers, cut=None):
        data = b"" if result is None else json.dumps(result).encode()[:cut]
        self.send_response(status)
        for key, value in headers.items():
            self.send_header(key, value)
        if data:
            self.send_header("Content-Type", "application/json; charset=utf-8")
        if status != 204:
            self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    do_GET = do_PUT = do_POST = do_PATCH = do_DELETE = answer


def end_with_parent():
    parent = os.getppid()
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(0)


threading.Thread(target=end_with_parent, daemon=True).start()
server = http.server.ThreadingHTTPServer(("127.0.0.1", 443), Handler)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(os.path.join(FOLDER, "tls.pem"))
server.socket = context.wrap_socket(server.socket, server_side=True)
with open(os.path.join(FOLDER, "ready"), "w", encoding="utf-8"):
    pass
server.serve_forever()
