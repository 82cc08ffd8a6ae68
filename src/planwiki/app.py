"""Puts planwiki together: opens the database, mounts the rooms, maps errors. The only file that knows all rooms."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from starlette.middleware.gzip import GZipMiddleware
from starlette.staticfiles import StaticFiles

from planwiki.activity import api as activity_api
from planwiki.activity import mailbox_pages
from planwiki.activity import pages as activity_pages
from planwiki.activity.stops import StopBook
from planwiki.authz.database import Database
from planwiki.authz.looks import LookBook
from planwiki.circle import api as circle_api
from planwiki.circle import (
    arriving_pages,
    confirm_pages,
    invitation_pages,
    join_pages,
    leaving_pages,
    overview_pages,
    ring_pages,
    safety_pages,
    share_link_pages,
    shared_pages,
    sharing_pages,
    stewardship_pages,
    tablet_pages,
    unused_pages,
)
from planwiki.circle import pages as circle_pages
from planwiki.circle.stop_commands import writing_into
from planwiki.doctor import examine
from planwiki.exports import pages as export_pages
from planwiki.media import api as media_api
from planwiki.media import content_pages as media_content
from planwiki.media import pages as media_pages
from planwiki.media.chosen_storage import storage_for
from planwiki.news import letter_pages as news_letter_pages
from planwiki.news import pages as news_pages
from planwiki.outcomes import api as outcomes_api
from planwiki.outcomes import pages as outcomes_pages
from planwiki.people import api as people_api
from planwiki.people import (
    device_pages,
    host_pages,
    link_pages,
    organisation_pages,
    passkey_pages,
    password_pages,
    reading_pages,
    second_step_pages,
    step_up_pages,
)
from planwiki.people import pages as people_pages
from planwiki.plans import api as plans_api
from planwiki.plans import (
    draft_pages,
    easy_pages,
    history_pages,
    place_pages,
    section_api,
    section_pages,
    section_settings_pages,
    seen_as_pages,
    settings_pages,
    writing_pages,
)
from planwiki.plans import pages as plans_pages
from planwiki.plans.templating import templates
from planwiki.search import api as search_api
from planwiki.search import pages as search_pages
from planwiki.settings import Settings, resource_dir
from planwiki.talk import answer_pages, checked_pages, perspective_pages, suggest_pages
from planwiki.talk import api as talk_api
from planwiki.talk import pages as talk_pages
from planwiki.web import contract, health, methods, problems
from planwiki.web import pages as web_pages
from planwiki.web.directory import Directory
from planwiki.web.guards import Guards
from planwiki.web.languages import Languages
from planwiki.web.metrics import Counted
from planwiki.web.rendering import STATIC
from planwiki.worker import Worker

ROOMS = (
    plans_pages,
    section_pages,
    place_pages,
    health,
    people_api,
    plans_api,
    section_api,
    media_api,
    circle_api,
    outcomes_api,
    talk_api,
    search_api,
    activity_api,
    web_pages,
    people_pages,
    link_pages,
    passkey_pages,
    password_pages,
    reading_pages,
    step_up_pages,
    second_step_pages,
    organisation_pages,
    device_pages,
    mailbox_pages,
    settings_pages,
    section_settings_pages,
    draft_pages,
    easy_pages,
    writing_pages,
    media_pages,
    media_content,
    history_pages,
    talk_pages,
    suggest_pages,
    answer_pages,
    checked_pages,
    perspective_pages,
    outcomes_pages,
    seen_as_pages,
    export_pages,
    invitation_pages,
    arriving_pages,
    join_pages,
    confirm_pages,
    leaving_pages,
    ring_pages,
    share_link_pages,
    shared_pages,
    unused_pages,
    circle_pages,
    sharing_pages,
    overview_pages,
    search_pages,
    news_pages,
    news_letter_pages,
    activity_pages,
    safety_pages,
    stewardship_pages,
    host_pages,
    tablet_pages,
)


def create_app(settings: Settings | None = None) -> FastAPI:
    """The whole application for one database. Nothing is opened or read before this is called."""
    settings = settings or Settings()
    templates()  # A malformed one stops the start, not a family who wants to begin.
    app = FastAPI(
        title="planwiki",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
        lifespan=_lifespan,
    )
    equip(app, settings)
    for room in ROOMS:
        app.router.routes.extend(room.router.routes)  # `include_router` would wrap each, and find it half as fast.
    app.router.routes.insert(0, Directory(app.router.routes))
    # Files alone are packed, since a packed page tells by its size whether it holds what somebody else had it repeat.
    app.mount("/static", GZipMiddleware(StaticFiles(directory=STATIC, check_dir=False)), name="static")
    problems.install(app)
    methods.install(app)
    contract.install(app)
    app.add_middleware(Counted)
    app.add_middleware(Guards)
    return app


def equip(app: FastAPI, settings: Settings) -> None:
    """Gives the application what requests reach through `app.state`: the settings, and what is opened by them."""
    app.state.settings = settings
    app.state.time_zone = settings.time_zone
    app.state.database = Database(
        settings.database, resource_dir("policies"), settings.time_zone, key=settings.secret_key
    )
    app.state.database.once_kept = writing_into(StopBook(settings.data_dir))
    app.state.languages = Languages(resource_dir("locale"), settings.locale)
    app.state.storage = storage_for(settings)
    app.state.examine = examine
    app.state.looks = LookBook(app.state.database)


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    worker = Worker(app.state.settings, app.state.database) if app.state.settings.worker == "inside" else None
    if worker:
        worker.start()
    yield
    if worker:
        worker.stop()
    close(app)


def close(app: FastAPI) -> None:
    """Everything noted is kept, and the database let go."""
    app.state.looks.close()
    app.state.database.close()
