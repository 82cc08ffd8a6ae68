"""Browsers keep what never changes, and nothing else."""

from tests.world import World

from planwiki.web.rendering import asset


def test_built_files_are_kept_and_nothing_else_is(world: World) -> None:
    dee = world.browser("dee")
    style = dee.get(asset("src/app.css"))
    assert style.headers["cache-control"] == "public, max-age=31536000, immutable"
    again = dee.get(asset("src/app.css"), headers={"If-None-Match": style.headers["etag"]})
    assert (again.status_code, again.headers["cache-control"]) == (304, style.headers["cache-control"])
    for path in ("/static/assets/none.css", "/static/icon.svg", "/plans", world.url(), "/sign-in"):
        assert dee.get(path).headers["cache-control"] == "no-store", path
