"""What a reader may choose about how pages look and sound."""

from enum import StrEnum


class Look(StrEnum):
    """The colours of pages. `auto` is light or dark, as the device has it."""

    AUTO = "auto"
    LIGHT = "light"
    SEPIA = "sepia"
    DARK = "dark"
    CONTRAST = "contrast"


class TextSize(StrEnum):
    NORMAL = "normal"
    LARGE = "large"
    LARGEST = "largest"


class LineSpacing(StrEnum):
    NORMAL = "normal"
    ROOMY = "roomy"


class Letters(StrEnum):
    """The typeface: Atkinson Hyperlegible Next, or what the device has without or with serifs."""

    CLEAR = "clear"
    PLAIN = "plain"
    SERIF = "serif"


class Pictures(StrEnum):
    """Pictures that planwiki brings. People's own photos are always shown."""

    ON = "on"
    OFF = "off"


class Motion(StrEnum):
    STILL = "still"
    GENTLE = "gentle"


class Speed(StrEnum):
    """How fast words are read aloud."""

    SLOW = "slow"
    NORMAL = "normal"
    FAST = "fast"


class Places(StrEnum):
    """Whether planwiki keeps where somebody is while they read and listen."""

    ON = "on"
    OFF = "off"
