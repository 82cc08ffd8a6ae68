"""The contract, in OpenAPI 3.1: what `planwiki openapi` prints and openapi.yaml keeps.

It is read off the routes, so it cannot leave one out; contract_answers.py adds what each may answer,
contract_schemas.py gives the shapes their public names, and contract_samples.py makes the examples.
"""

import json
from importlib.metadata import version
from typing import Any

import yaml
from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import RouteContext, iter_route_contexts

from . import contract_answers, contract_schemas
from .api_routes import ApiRoute

Contract = dict[str, Any]
WIDTH = 120

_DESCRIPTION = """\
One young person's plan, which the person and their family own, section by section.

Every answer holds what its caller may see and nothing else. What is hidden and what is not there answer alike: 404.
Sign in with a bearer token; a browser's cookie opens nothing here. Ids are UUIDv7, times are UTC with `Z`, and unknown
fields are refused. `HEAD` answers wherever `GET` does, and `OPTIONS` names what an address takes.
Pages of other websites read nothing here (no CORS), and what they send is refused with 403.
"""
_TAGS = {
    "meta": "Is it there, is it well, and what can a plan start from?",
    "identity": "Signing in and out, and who the caller is.",
    "plans": "A plan's header, and the whole of it in one document.",
    "sections": "The pages of a plan, and every version of each.",
    "circle": "The people of a plan, what each was given, and invitations.",
    "media": "Pictures, sound, video and papers beside the words.",
    "outcomes": "Who does what by when.",
    "contributions": "Comments, questions, suggestions and kind words beside a section, and what became of them.",
    "search": "Words, only where the caller may read.",
    "audit-trail": "Who looked at or changed what.",
}


def install(app: FastAPI) -> None:
    """Makes `app.openapi()` tell the whole contract, once it is asked."""

    def tell() -> Contract:
        app.openapi_schema = app.openapi_schema or contract_of(app)
        return app.openapi_schema

    app.openapi = tell  # type: ignore[method-assign]  # FastAPI's own way to replace it


def routes_of(app: FastAPI) -> list[RouteContext]:
    """Every route for programs."""
    return [one for one in iter_route_contexts(app.routes) if isinstance(one.original_route, ApiRoute)]


def contract_of(app: FastAPI) -> Contract:
    routes = routes_of(app)
    made = get_openapi(
        title="planwiki",
        version=version("planwiki"),
        summary="A plan for one young person's life, which the young person and family own.",
        description=_DESCRIPTION,
        routes=routes,
        tags=[{"name": name, "description": words} for name, words in _TAGS.items()],
        servers=[{"url": "/", "description": "The planwiki that gave you this."}],
        contact={"name": "The people who host this planwiki", "url": "https://planwiki.example.org/"},
        license_info={"name": "MIT", "identifier": "MIT"},
    )
    made = contract_schemas.with_public_names(made)
    for route in routes:
        for method in route.methods or ():
            contract_answers.complete(made, route, made["paths"][route.path_format][method.lower()])
    contract_answers.add_shared(made)
    return contract_schemas.without_unused(made)


def to_yaml(app: FastAPI) -> str:
    return yaml.dump(contract_of(app), Dumper=_Plain, sort_keys=False, allow_unicode=True, width=WIDTH)


def to_json(app: FastAPI) -> str:
    return json.dumps(contract_of(app), indent=2, ensure_ascii=False) + "\n"


class _Plain(yaml.SafeDumper):
    """Writes things out wherever they stand, without anchors that people would have to follow."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - the library's signature
        return True


def _text(dumper: _Plain, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Plain.add_representer(str, _text)
