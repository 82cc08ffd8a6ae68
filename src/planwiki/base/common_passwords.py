"""Passwords that thieves try first: too common, or too easy to guess. The lists come with zxcvbn (Dropbox, MIT).

zxcvbn holds some 30,000 passwords from published breaches, names and words, and finds dates, rows of keys and repeats.
One that a program guesses in ten million tries is refused; a throttle leaves a thief with far fewer.
"""

EASY = 10**7  # Guesses.
READ = 72  # Letters: as many as the library takes.


def is_common(password: str) -> bool:
    from zxcvbn import zxcvbn  # noqa: PLC0415 - its lists take 12 MB, and most workers never meet a new password

    return bool(zxcvbn(password[:READ])["guesses"] < EASY)
