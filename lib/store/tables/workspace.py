"""Tables of what Recall shows, and of the work of reading it."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    Text,
    UniqueConstraint,
    false,
)

from lib.store.columns import Identity, Instant, Json, Key, Outside, number, partial_index, shared_key, table

meta = table(
    "meta",
    Column("k", Text, primary_key=True),
    Column("v", Text, nullable=False),
)

version = table(
    "version",
    Column("id", Integer, primary_key=True, autoincrement=False),  # 1: there is one row
    Column("version", BigInteger, nullable=False),  # of the newest write that changed what a frame shows
    Column("epoch", BigInteger, nullable=False),  # grows when rows are deleted: a frame begins again
    Column("users_listed_at", Instant),  # start of the newest complete users list
    Column("erased_before", Instant),  # of meetings that ended before it nothing personal is kept
    Column("bots_doubted_since", Instant),  # bots that became final since then are to be read once more
)

preferences = table(
    "preferences",  # each combination once: thousands of users have the same, and a million entries refer to them
    Column("pk", BigInteger, primary_key=True, autoincrement=False),  # 64 bits of the body
    Column("body", Json, nullable=False),
)

calendar_user = table(
    "calendar_user",
    number(),
    Column("id", Identity, nullable=False, unique=True),  # Recall's uuid
    Column("external_id", Outside),
    Column("connections", Json, nullable=False),  # as last seen: an address stays when Recall no longer names it
    Column("preferences", ForeignKey("preferences.pk")),
    Column("customer", Outside),
    Column("hash", BigInteger, nullable=False),
    Column("first_seen_at", Instant, nullable=False),
    Column("vanished_at", Instant),  # start of the first complete list without the user
    Column("last_seen_at", Instant),  # of a vanished or unlisted user: start of the last complete list with it
    Column("unlisted_since", Instant),  # start of the first doubted list without it; null: it is listed, or gone
    Column("erased_at", Instant),
    Column("ver", BigInteger, nullable=False),
)

last_read = table(
    "last_read",  # of a user's meetings; lib.store.reads adds what passes found unchanged
    shared_key("user", "calendar_user.pk"),
    Column("read_at", Instant),  # start of a meetings read that worked: the last one that had something to write
    Column("unreadable", Integer, nullable=False),  # rows of that answer that could not be read
    Column("odd", Integer, nullable=False, server_default="0"),  # rows of it with parts that were left out
    Column("held_back_since", Instant),  # answers had rows since that say not who they are; null: the last had none
    Column("failure", Text),  # what stopped the last one; null when it worked
    Column("failed_at", Instant),
    Column("judge_at", Instant),  # from when on its entries are to be judged again; null: nothing is to come
    Column("slow", Boolean, nullable=False, server_default=false()),  # the last meetings read took Recall long
    Column("empty_since", Instant),  # start of the first of the doubted answers without a row; null: the last was none
    Column("accounts", BigInteger),  # 64 bits of the accounts whose meetings were last stored
)

entry = table(
    "entry",
    number(),
    Column("user", ForeignKey("calendar_user.pk"), nullable=False),
    Column("id", Identity, nullable=False),  # Recall's uuid
    Column("occurrence", Integer, nullable=False, server_default="0"),  # the highest is what Recall shows now
    Column("dragged_at", Instant),  # start of the read that showed a later start; null: the latest occurrence
    Column("suspected", Boolean, nullable=False, server_default=false()),  # it was dragged only if its bot had joined
    Column("ical_uid", Outside),
    Column("uid", BigInteger, nullable=False),  # 64 bits of the comparable ical_uid, 0 for none: what frames group by
    Column("start_at", Instant),
    Column("start_before", Instant),  # the start before it was corrected to one that had passed; null: it was not
    Column("end_at", Instant),
    Column("will_record", Boolean, nullable=False),
    Column("will_record_reason", Outside),
    Column("override_should_record", Boolean),
    Column("meeting_platform", Outside),
    Column("calendar_platform", Outside),
    Column("invites", Outside, nullable=False),  # names, with commas between
    Column("bot_id", Identity),
    Column("bot", BigInteger, nullable=False, server_default="0"),  # 64 bits of the bot it was judged by, 0 for none
    Column("is_external", Boolean),
    Column("is_hosted_by_me", Boolean),
    Column("is_recurring", Boolean),
    Column("visibility", Outside),
    Column("own_answer", Outside),  # the user's own status among the attendees; it outlives them
    Column("attendees", Integer, nullable=False),  # how many
    Column("first_seen_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Column("removed_at", Instant),  # start of the first read without it
    Column("removed_connected", Boolean),  # whether a calendar of the user was connected at that read
    Column("last_shown_at", Instant),  # start of the last read that showed it; null: the user's last read did
    Column("seen_at", Instant),  # when the three that follow were first seen so, before the start
    Column("seen_will_record", Boolean),  # as last seen before its start; null: never seen before
    Column("seen_preferences", ForeignKey("preferences.pk")),
    Column("seen_override", Boolean),
    Column("first_preferences", ForeignKey("preferences.pk")),  # what held at the read that first showed it
    Column("first_override", Boolean),
    Column("first_answer", Outside),
    Column("judged_as_of", Instant),  # null: not judged yet
    Column("flags", SmallInteger),  # bits, in the order of lib.domain.ENTRY_FLAGS
    Column("outcome", Text),
    Column("reason", Text),
    Column("next_reason", Text),
    Column("owner", Text),
    Column("raw", Outside),
    Column("confidence", Text),
    Column("by_rules", Text),  # what the rules first seen say of an entry that nobody watched
    Column("hash", BigInteger, nullable=False),
    Column("ver", BigInteger, nullable=False),
    UniqueConstraint("id", "user", "occurrence"),
    Index("ix_entry_user_start_at", "user", "start_at"),
    Index(None, "ver"),
    partial_index("ix_entry_dragged", "user", where="dragged_at IS NOT NULL"),
    partial_index(None, "bot_id", where="bot_id IS NOT NULL"),
    partial_index("ix_entry_by_hand", "start_at", where="override_should_record IS NOT NULL"),
)

contest = table(
    "contest",  # two listed users are shown with the same entry ids, which belong to one of them
    shared_key("claimant", "calendar_user.pk"),  # who came later with them
    shared_key("holder", "calendar_user.pk"),
    Column("found_at", Instant, nullable=False),
    Column("ids", Json, nullable=False),  # some of them, by which it is told; JSON
    Column("entries", Integer, nullable=False),  # how many they are
    Column("checked_at", Instant),  # when `owner` was first answered
    Column("owner", Text),  # as lib.store.contests has it; null: not told yet
    Column("settled_at", Instant),  # when it was answered again, five minutes later or more
)

set_aside = table(
    "set_aside",  # entries of a user that were found to be another's: should it be told otherwise, they come back
    number(),
    Column("user", ForeignKey("calendar_user.pk"), nullable=False),
    Column("entry_id", Identity, nullable=False),
    Column("at", Instant, nullable=False),
    Column("body", Json, nullable=False),  # the row and the bots it named once, as JSON; nothing personal
    Index("ix_set_aside_user", "user", "entry_id"),
)

former_bot = table(
    "former_bot",  # bots that an entry named when it had begun, and names no longer
    shared_key("entry", "entry.pk"),
    Column("bot_id", Identity, primary_key=True),
    Column("last_named_at", Instant, nullable=False),  # start of the last read that showed it
    Index(None, "bot_id"),
)

entry_details = table(
    "entry_details",  # all that is personal of an entry, in one row: to erase it is to delete the row
    shared_key("entry", "entry.pk"),
    Column("ends_at", Instant, nullable=False),  # end, else start, else first seen: what erasing goes by
    Column("title", Outside),
    Column("organizer_email", Outside),
    Column("attendees", Json, nullable=False),
    Index(None, "ends_at"),
)

bot = table(
    "bot",  # a row for every bot that an entry names, read or not, and for those without an entry that were listed
    Column("id", Identity, primary_key=True),
    Column("named", Boolean, nullable=False, server_default="1"),  # an entry names it, or did
    Column("body", Json),  # null: never read
    Column("final", Boolean, nullable=False),
    Column("code", Outside),  # of the last status
    Column("sub_code", Outside),  # the last there is
    Column("platform", Outside),
    Column("join_at", Instant),  # Recall clears it once the bot has joined: then the time of its first status
    Column("first_seen_at", Instant, nullable=False),
    Column("read_at", Instant),
    Column("tried_at", Instant),
    Column("failure", Text),  # what stopped the last read; null when it worked
    Column("hash", BigInteger),
    Column("ver", BigInteger, nullable=False),
    partial_index("ix_bot_nobodys", "join_at", where="NOT named"),
    partial_index("ix_bot_tried_at", "tried_at", where="NOT final"),
)

observation = table(
    "observation",  # what was seen to change; rows are added and never changed
    number("seq"),
    Column("at", Instant, nullable=False),
    Column("kind", Text, nullable=False),
    Column("user", ForeignKey("calendar_user.pk"), nullable=False),
    Column("platform", Outside),
    Column("before", ForeignKey("preferences.pk")),
    Column("after", ForeignKey("preferences.pk")),
    Column("entry_id", Identity),  # of an override, as the two that follow
    Column("override_before", Boolean),
    Column("override_after", Boolean),
    Column("cause", Key),  # the number of the change of ours that it shows; null: made elsewhere
    Index(None, "at"),
    Index(None, "user"),
    partial_index("ix_observation_calendar_by_us", "user", where="cause IS NOT NULL AND platform IS NOT NULL"),
)

sync_pass = table(
    "sync_pass",
    number(),
    Column("begun_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("state", Text, nullable=False),
    Column("stage", Text, nullable=False),
    Column("resumed", Integer, nullable=False),  # how often it was taken up again
    Column("counts", Json, nullable=False),
    Column("tried", Text, nullable=False, server_default=""),  # users it has tried to read: lib.store.reads.Ranges
    Column("problem", Text),  # why it was cut off, in a sentence of ours
)

sync_request = table(
    "sync_request",
    number(),
    Column("asked_at", Instant, nullable=False),
    Column("asked_by", Text),
    Column("taken_at", Instant),
)

recount = table(
    "recount",  # that counting itself changed by an upgrade, and by how much
    number(),  # the version of counting
    Column("at", Instant, nullable=False),
    Column("months", Json, nullable=False),  # JSON; empty: there were no figures before
)

lease = table(
    "lease",
    Column("name", Text, primary_key=True),
    Column("holder", Text, nullable=False),
    Column("taken_at", Instant, nullable=False),
    Column("renewed_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
)

budget = table(
    "budget",
    Column("name", Text, primary_key=True),
    Column("closed_at", Instant, nullable=False),
    Column("closed_until", Instant, nullable=False),
)

spending = table(
    "spending",  # one row a call of the last minute
    number(),
    Column("budget", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Index("ix_spending_budget_at", "budget", "at"),
)
