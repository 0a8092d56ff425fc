"""The Bot config page: the editor, what is found in it, what it changes, the text to hand over, and the history."""
