"""Pulls every plan a token may read, and only what changed since the last run. Needs httpx.

PLANWIKI_URL=https://plans.example.org PLANWIKI_TOKEN=pwt_... python pull.py FOLDER
"""

import json
import os
import sys
from pathlib import Path

import httpx

folder = Path(sys.argv[1])
tags_file = folder / "etags.json"  # Which version of each file we hold.
tags = json.loads(tags_file.read_text()) if tags_file.exists() else {}
kept = {}


def items(api, path):
    while path:  # A list comes in pages; each but the last links to the next.
        answer = api.get(path).raise_for_status()
        yield from answer.json()["items"]
        path = answer.links.get("next", {}).get("url")


def fetch(api, path, name, accept="application/json"):
    answer = api.get(path, headers={"Accept": accept, "If-None-Match": tags.get(name, "")})
    kept[name] = tags.get(name)
    if answer.status_code != 304:  # 304: we hold what is there now.
        kept[name] = answer.raise_for_status().headers["ETag"]
        (folder / name).write_bytes(answer.content)
        print(f"changed: {name}")


folder.mkdir(parents=True, exist_ok=True)
with httpx.Client(
    base_url=os.environ["PLANWIKI_URL"], headers={"Authorization": f"Bearer {os.environ['PLANWIKI_TOKEN']}"}
) as api:
    for plan in items(api, "/v1/plans?fields=id"):
        fetch(api, f"/v1/plans/{plan['id']}/document", f"{plan['id']}.json")
        for section in items(api, f"/v1/plans/{plan['id']}/sections?fields=key"):
            path = f"/v1/plans/{plan['id']}/sections/{section['key']}"
            fetch(api, path, f"{plan['id']}.{section['key']}.md", accept="text/markdown")
for name in tags.keys() - kept.keys():  # What we may no longer see, we no longer keep.
    (folder / name).unlink(missing_ok=True)
    print(f"erased: {name}")
tags_file.write_text(json.dumps(kept))
