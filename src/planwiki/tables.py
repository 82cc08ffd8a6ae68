"""Every table there is, for migrations and for row security to find."""

from sqlmodel import SQLModel

from planwiki.activity.models import Event
from planwiki.circle.models import Grant, Invitation, Member
from planwiki.integrations.models import KeptAnswer
from planwiki.people.models import Account, Login, SignInTry
from planwiki.plans.models import Plan, Revision, Section
from planwiki.search.models import SearchEntry

METADATA = SQLModel.metadata
TABLES = (Account, Event, Grant, Invitation, KeptAnswer, Login, Member, Plan, Revision, SearchEntry, Section, SignInTry)
