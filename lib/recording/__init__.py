"""Why a meeting is or is not recorded: the rules, what became of the bot, and the words for both. Pure, without I/O."""
