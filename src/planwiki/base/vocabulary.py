"""The closed sets of words that code, pages, API and policy share."""

from enum import StrEnum


class Role(StrEnum):
    """What somebody is in one plan. Guests and programs have roles of their own and are never members."""

    PERSON = "person"
    STEWARD = "steward"
    FAMILY = "family"
    FRIEND = "friend"
    KEY_WORKER = "key_worker"
    PROFESSIONAL = "professional"
    GUEST = "guest"
    CLIENT = "client"


MEMBER_ROLES = tuple(role for role in Role if role not in {Role.GUEST, Role.CLIENT})
OWNER_ROLES = (Role.PERSON, Role.STEWARD)


class Level(StrEnum):
    """How much a grant gives, least first. Only owners hold manage."""

    NONE = "none"
    READ = "read"
    COMMENT = "comment"
    SUGGEST = "suggest"
    EDIT = "edit"
    MANAGE = "manage"

    @property
    def rank(self) -> int:
        return _RANKS[self]


_RANKS = {level: place for place, level in enumerate(Level)}

GRANTABLE_LEVELS = (Level.READ, Level.COMMENT, Level.SUGGEST, Level.EDIT)


class Permission(StrEnum):
    """What somebody may do with a section."""

    READ = "read"
    COMMENT = "comment"
    SUGGEST = "suggest"
    EDIT = "edit"
    HISTORY = "history"
    MANAGE = "manage"


class Label(StrEnum):
    """How sensitive a section is."""

    EVERYDAY = "everyday"
    HEALTH = "health"
    INTIMATE = "intimate"
    RELATIONSHIPS = "relationships"
    MONEY = "money"
    DIARY = "diary"
    FAMILY_BUSINESS = "family_business"
    WHEREABOUTS = "whereabouts"
    SAFETY = "safety"


class MemberStatus(StrEnum):
    ACTIVE = "active"
    CONTACT_ONLY = "contact_only"
    SUSPENDED = "suspended"


class SectionStatus(StrEnum):
    ACTIVE = "active"
    ARCHIVED = "archived"


class MediaKind(StrEnum):
    """What somebody meets: something to look at, to hear, to watch, or to take away and read."""

    PICTURE = "picture"
    SOUND = "sound"
    VIDEO = "video"
    PAPER = "paper"


class Face(StrEnum):
    """The ways in which one section is shown: in full words, in easy words, or in pictures and sound."""

    FULL = "full"
    EASY = "easy"
    PICTURES = "pictures"


class SectionKind(StrEnum):
    TEXT = "text"
    OUTCOMES = "outcomes"
    PEOPLE = "people"
    PERSPECTIVES = "perspectives"


class PlanStatus(StrEnum):
    DRAFT = "draft"
    ACTIVE = "active"
    PAUSED = "paused"
    CLOSED = "closed"


class MachineSharing(StrEnum):
    """Whether programs may ever be given this section."""

    ALLOWED = "allowed"
    NEVER = "never"


class RevisionSource(StrEnum):
    EDIT = "edit"
    RESTORE = "restore"
    SUGGESTION = "suggestion"
    IMPORT = "import"
    PLANNING_SESSION = "planning_session"


class Whose(StrEnum):
    """Whose words a text holds."""

    PERSON = "person"
    FAMILY = "family"
    FRIEND = "friend"
    PROFESSIONAL = "professional"
    SHARED = "shared"


class How(StrEnum):
    """How the words were given."""

    OWN_WORDS = "own_words"
    SUPPORTED = "supported"
    INTERPRETED = "interpreted"
    OBSERVED = "observed"
    BEST_INTERESTS = "best_interests"


class Method(StrEnum):
    WRITTEN = "written"
    SPOKEN = "spoken"
    SIGNED = "signed"
    AAC = "aac"
    SYMBOLS = "symbols"
    DRAWING = "drawing"
    PHOTO_OR_VIDEO = "photo_or_video"
    BEHAVIOUR = "behaviour"


class BasisKind(StrEnum):
    """On what ground a steward decides."""

    SELF = "self"
    PARENTAL_RESPONSIBILITY = "parental_responsibility"
    DELEGATED = "delegated"
    LOCAL_AUTHORITY = "local_authority"
    ATTORNEY = "attorney"
    DEPUTY = "deputy"
    BEST_INTERESTS = "best_interests"
    HELPER_BY_CONSENT = "helper_by_consent"


class Way(StrEnum):
    """How an invitation reaches whoever is to take it."""

    LINK = "link"
    EMAIL = "email"
    LETTER = "letter"
    CODE = "code"


class InvitationStatus(StrEnum):
    PENDING = "pending"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


class LinkPurpose(StrEnum):
    """What a link or code that was mailed to somebody is for."""

    SIGN_IN = "sign_in"
    NEW_ACCOUNT = "new_account"
    NEW_ADDRESS = "new_address"
    RECOVERY = "recovery"
    JOINED = "joined"


class Arrival(StrEnum):
    """What whoever opens the letter to an address that waits can do here, now."""

    YOURS = "yours"
    ELSEWHERE = "elsewhere"
    ANOTHER = "another"
    SIGN_IN = "sign_in"
    IS_IT_YOU = "is_it_you"
    ALREADY_IN = "already_in"
    ALONE = "alone"
    LATER = "later"
    NOTHING = "nothing"
    CLOSED = "closed"


class MailKind(StrEnum):
    """What a letter by e-mail says. None of them holds a word of a plan."""

    SIGN_IN = "sign_in"
    NEW_ACCOUNT = "new_account"
    ALREADY_HERE = "already_here"
    NEW_ADDRESS = "new_address"
    IS_IT_YOU = "is_it_you"
    INVITATION = "invitation"
    SIGN_IN_CHANGED = "sign_in_changed"
    SOMEONE_JOINED = "someone_joined"
    SHARING_PAUSED = "sharing_paused"
    NEWS = "news"


class NewsByMail(StrEnum):
    """How often somebody gets a letter when things are new for them."""

    WEEKLY = "weekly"
    DAILY = "daily"
    OFF = "off"


class NewsKind(StrEnum):
    """What is new for one reader, or waits for their answer."""

    SHARED = "shared"
    CHANGED = "changed"
    CHECKED = "checked"
    PICTURE = "picture"
    SOUND = "sound"
    VIDEO = "video"
    PAPER = "paper"
    COMMENT = "comment"
    SUGGESTION = "suggestion"
    APPRECIATION = "appreciation"
    QUESTION = "question"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    RESOLVED = "resolved"
    ACTION = "action"
    FOR_YOU = "for_you"
    CAME = "came"
    TO_THINK = "to_think"


class ContributionKind(StrEnum):
    """What somebody says beside a section."""

    COMMENT = "comment"
    SUGGESTION = "suggestion"
    APPRECIATION = "appreciation"
    QUESTION = "question"


class ContributionStatus(StrEnum):
    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    RESOLVED = "resolved"
    WITHDRAWN = "withdrawn"


class ActionStatus(StrEnum):
    """How far something is that somebody is to do."""

    PLANNED = "planned"
    IN_PROGRESS = "in_progress"
    DONE = "done"
    STOPPED = "stopped"


class Decision(StrEnum):
    """What an editor says to a contribution, once."""

    ACCEPT = "accept"
    DECLINE = "decline"
    RESOLVE = "resolve"


class ActorType(StrEnum):
    ACCOUNT = "account"
    CLIENT = "client"
    GUEST = "guest"
    SYSTEM = "system"


class KnownActor(StrEnum):
    """Who did something, as programs are told."""

    ACCOUNT = "account"
    CLIENT = "client"
    SYSTEM = "system"


class Outcome(StrEnum):
    """Whether somebody who asked was let."""

    ALLOWED = "allowed"
    REFUSED = "refused"


class Deed(StrEnum):
    """What sort of thing somebody did, in the record that owners read."""

    VIEW = "view"
    LIST = "list"
    SEARCH = "search"
    EXPORT = "export"
    CREATE = "create"
    UPDATE = "update"
    DELETE = "delete"
    GRANT = "grant"
    REVOKE = "revoke"
    LOOKUP = "lookup"


class TaskAnswer(StrEnum):
    """What an owner said to a question that came due by itself. Nothing changes but by an owner's own act."""

    DONE = "done"
    NOT_NOW = "not_now"
    KEEP = "keep"


class LoginKind(StrEnum):
    """A browser's cookie and a program's bearer token are never taken for each other."""

    BROWSER = "browser"
    TOKEN = "token"  # noqa: S105 - the name of a kind, not a secret
