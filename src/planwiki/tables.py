"""Every table there is, for migrations and for row security to find."""

from sqlmodel import SQLModel

from planwiki.activity.models import AuditEntry, AuditHead, Delivery
from planwiki.circle.models import Grant, Invitation, Member, OwnerTask, SharedSection, ShareLink, Tablet
from planwiki.integrations.models import KeptAnswer
from planwiki.media.models import Media
from planwiki.news.models import NewsBegun, NewsLetter, PutAside, SeenSection
from planwiki.outcomes.models import Action
from planwiki.people.models import (
    Account,
    Challenge,
    HostAdministrator,
    Login,
    MailedLink,
    Organisation,
    OutsideIdentity,
    Passkey,
    RecoveryCode,
    SignInTry,
)
from planwiki.plans.models import EasyText, ErasedPlan, Plan, Revision, Section, WrittenDraft
from planwiki.plans.place_models import ReadingPlace
from planwiki.search.models import SearchEntry
from planwiki.talk.models import CheckedMark, Contribution, Perspective

METADATA = SQLModel.metadata
PEOPLE = (Account, Challenge, HostAdministrator, Login, MailedLink, OutsideIdentity, Passkey, RecoveryCode, SignInTry)
CIRCLE = (Grant, Invitation, Member, OwnerTask, SharedSection, ShareLink, Tablet)
PLANS = (Action, EasyText, ErasedPlan, Media, Plan, ReadingPlace, Revision, SearchEntry, Section, WrittenDraft)
TALK = (CheckedMark, Contribution, Perspective)
NEWS = (NewsBegun, NewsLetter, PutAside, SeenSection)
TABLES = (*PEOPLE, *CIRCLE, *PLANS, *TALK, *NEWS, AuditEntry, AuditHead, Delivery, KeptAnswer, Organisation)
