"""Passwords that thieves try first: too common, or too easy to guess. The lists come with zxcvbn (Dropbox, MIT).

zxcvbn holds some 30,000 passwords from published breaches, names and words, and finds dates, rows of keys and repeats.
One that a program guesses in ten million tries is refused; a throttle leaves a thief with far fewer.
"""

from zxcvbn import zxcvbn

EASY = 10**7  # Guesses.
READ = 72  # Letters: as many as the library takes.


def is_common(password: str) -> bool:
    return bool(zxcvbn(password[:READ])["guesses"] < EASY)
