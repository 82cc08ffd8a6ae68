"""Pictures, sound, video and papers beside the words of a section."""
