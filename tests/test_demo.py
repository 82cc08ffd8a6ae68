"""The demo family is there whole, or nobody is."""

from typing import Any

import pytest
from fastapi.testclient import TestClient

from planwiki import demo
from planwiki.base.errors import PlanwikiError


def test_a_demo_that_was_stopped_on_the_way_is_made_whole_the_next_time(
    app: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    database, base_url = app.state.database, app.state.settings.base_url
    with monkeypatch.context() as broken:
        broken.setitem(demo.VIEWS, "Lee", ("", "", {"whose": "professional", "how": "own_words"}))  # Near its end.
        with pytest.raises(PlanwikiError):
            demo.make_demo(database, base_url)
    assert database.is_empty()
    plan_id = demo.make_demo(database, base_url)
    sign_in = {"email": "nan@example.org", "password": demo.PASSWORD}
    with TestClient(app, base_url=base_url, follow_redirects=False) as nan:
        assert nan.post("/sign-in", data=sign_in).status_code == 303
        assert "Great things about me" in nan.get(f"/plans/{plan_id}").text
    assert database.verify(plan_id).problem == ""
