# SPDX-License-Identifier: MIT
"""az_client.py SOCKET CONFIG ARGUMENT... - az by az_server.py; by itself where its configuration is not in CONFIG."""
import array
import json
import os
import socket
import sys

path, config, arguments = sys.argv[1], sys.argv[2], sys.argv[3:]
if os.environ.get("AZURE_CONFIG_DIR") != config:  # azure-cli reads that when it is imported
    os.execv("/usr/bin/az", ["/usr/bin/az"] + arguments)
data = json.dumps({"arguments": arguments, "environment": dict(os.environ), "folder": os.getcwd()}).encode()
with socket.socket(socket.AF_UNIX) as server:
    server.connect(path)
    server.sendmsg([len(data).to_bytes(4, "big")], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [0, 1, 2]))])
    server.sendall(data)
    status = server.recv(1)
sys.exit(status[0] if status else 99)
