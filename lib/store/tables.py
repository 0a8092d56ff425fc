"""The tables, as the newest migration leaves them; a test holds the two together.

All times are UTC. `ver` is the version (lib.store.version) of the write that last changed a row.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
    true,
)

from lib.store.columns import Identity, Instant, Key, Outside, UtcDateTime

metadata = MetaData(
    # SQLite changes a constraint by its name, so that every one needs a name.
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
    }
)

meta = Table(
    "meta",
    metadata,
    Column("k", Text, primary_key=True),
    Column("v", Text, nullable=False),
)

staff = Table(
    "staff",
    metadata,
    Column("name", Text, primary_key=True),
    Column("display", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("password_hash", Text),  # null: this person has no password here
    Column("active", Boolean, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("changed_at", UtcDateTime, nullable=False),
    Column("password_changed_at", UtcDateTime),
    Column("sees_all", Boolean, nullable=False, server_default=true()),  # else what staff_customer names
    Column("subject", Text),  # who this is to the OpenID provider: its issuer and its own id; null: nobody there
)

staff_customer = Table(
    "staff_customer",  # the customers that a staff member who does not see all of them sees
    metadata,
    Column("staff", Text, ForeignKey("staff.name"), primary_key=True),
    Column("customer", Text, primary_key=True),
)

session = Table(
    "session",
    metadata,
    Column("id_hash", Text, primary_key=True),  # SHA-256 of the cookie: who reads this file cannot use it to get in
    Column("staff", Text, ForeignKey("staff.name"), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("last_seen_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime),
    Column("ended_why", Text),
    Column("verified_at", UtcDateTime),  # the password was last asked for and right; null: when it began
    Index(None, "staff"),
)

ticket = Table(
    "ticket",
    metadata,
    Column("hash", Text, primary_key=True),  # SHA-256, like the session's
    Column("staff", Text, ForeignKey("staff.name"), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("used_at", UtcDateTime),
)

sign_in_lock = Table(
    "sign_in_lock",  # wrong passwords of one account from one address; both as digests of what was typed and came
    metadata,
    Column("account", Text, primary_key=True),
    Column("address", Text, primary_key=True),
    Column("misses", Integer, nullable=False),
    Column("first_at", Instant, nullable=False),
    Column("until", Instant),  # null: not locked
    Index(None, "first_at"),
)

version = Table(
    "version",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),  # 1: there is one row
    Column("version", BigInteger, nullable=False),  # of the newest write that changed what a frame shows
    Column("epoch", BigInteger, nullable=False),  # grows when rows are deleted: a frame begins again
    Column("users_listed_at", Instant),  # start of the newest complete users list
    Column("erased_before", Instant),  # of meetings that ended before it nothing personal is kept
    Column("bots_doubted_since", Instant),  # bots that became final since then are to be read once more
)

preferences = Table(
    "preferences",  # each combination once: thousands of users have the same, and a million entries refer to them
    metadata,
    Column("pk", BigInteger, primary_key=True, autoincrement=False),  # 64 bits of the body
    Column("body", Text, nullable=False),
)

calendar_user = Table(
    "calendar_user",
    metadata,
    Column("pk", Key, primary_key=True, autoincrement=False),
    Column("id", Identity, nullable=False, unique=True),  # Recall's uuid
    Column("external_id", Outside),
    Column("connections", Text, nullable=False),  # as last seen: an address stays when Recall no longer names it
    Column("preferences", ForeignKey("preferences.pk")),
    Column("customer", Outside),
    Column("hash", BigInteger, nullable=False),
    Column("first_seen_at", Instant, nullable=False),
    Column("vanished_at", Instant),  # start of the first complete list without the user
    Column("last_seen_at", Instant),  # of a vanished or unlisted user: start of the last complete list with it
    Column(
        "unlisted_since", Instant
    ),  # start of the first of the doubted lists without it; null: it is listed, or gone
    Column("erased_at", Instant),
    Column("ver", BigInteger, nullable=False),
)

reading = Table(
    "reading",  # how far the reading of one user has come; lib.store.reads adds what passes found unchanged
    metadata,
    Column("user", ForeignKey("calendar_user.pk"), primary_key=True, autoincrement=False),
    Column("read_at", Instant),  # start of a meetings read that worked: the last one that had something to write
    Column("unreadable", Integer, nullable=False),  # rows of that answer that could not be read
    Column("odd", Integer, nullable=False, server_default="0"),  # rows of it with parts that were left out
    Column("held_back_at", Instant),  # since when answers had rows that say not who they are; null: the last had none
    Column("failure", Text),  # what stopped the last one; null when it worked
    Column("failed_at", Instant),
    Column("judge_at", Instant),  # from when on its entries are to be judged again; null: nothing is to come
    Column("slow", Boolean, nullable=False, server_default=false()),  # the last meetings read took Recall long
    Column("empty_at", Instant),  # start of the first of the doubted answers without a row; null: the last was none
    Column("accounts", BigInteger),  # 64 bits of the accounts whose meetings were last stored
)

entry = Table(
    "entry",
    metadata,
    Column("pk", Key, primary_key=True, autoincrement=False),
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
    Column("flags", SmallInteger),  # bits, in the order of lib.store.judged.FLAGS
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
    Index(
        "ix_entry_dragged",
        "user",
        sqlite_where=text("dragged_at IS NOT NULL"),
        postgresql_where=text("dragged_at IS NOT NULL"),
    ),
    Index(
        None,
        "bot_id",
        sqlite_where=text("bot_id IS NOT NULL"),
        postgresql_where=text("bot_id IS NOT NULL"),
    ),
    Index(
        "ix_entry_by_hand",
        "start_at",
        sqlite_where=text("override_should_record IS NOT NULL"),
        postgresql_where=text("override_should_record IS NOT NULL"),
    ),
)

contest = Table(
    "contest",  # two listed users are shown with the same entry ids, which belong to one of them
    metadata,
    Column(
        "claimant", ForeignKey("calendar_user.pk"), primary_key=True, autoincrement=False
    ),  # who came later with them
    Column("holder", ForeignKey("calendar_user.pk"), primary_key=True, autoincrement=False),
    Column("found_at", Instant, nullable=False),
    Column("ids", Text, nullable=False),  # some of them, by which it is told; JSON
    Column("entries", Integer, nullable=False),  # how many they are
    Column("checked_at", Instant),  # when `owner` was first answered
    Column("owner", Text),  # as lib.store.contests has it; null: not told yet
    Column("settled_at", Instant),  # when it was answered again, five minutes later or more
)

taken_out = Table(
    "taken_out",  # entries of a user that were found to be another's: should it be told otherwise, they come back
    metadata,
    Column("pk", Key, primary_key=True, autoincrement=False),
    Column("user", ForeignKey("calendar_user.pk"), nullable=False),
    Column("entry_id", Identity, nullable=False),
    Column("at", Instant, nullable=False),
    Column("body", Text, nullable=False),  # the row and the bots it named once, as JSON; nothing personal
    Index("ix_taken_out_user", "user", "entry_id"),
)

former_bot = Table(
    "former_bot",  # bots that an entry named when it had begun, and names no longer
    metadata,
    Column("entry", ForeignKey("entry.pk"), primary_key=True, autoincrement=False),
    Column("bot_id", Identity, primary_key=True),
    Column("last_named_at", Instant, nullable=False),  # start of the last read that showed it
    Index(None, "bot_id"),
)

entry_details = Table(
    "entry_details",  # all that is personal of an entry, in one row: to erase it is to delete the row
    metadata,
    Column("entry", ForeignKey("entry.pk"), primary_key=True, autoincrement=False),
    Column("ends_at", Instant, nullable=False),  # end, else start, else first seen: what erasing goes by
    Column("title", Outside),
    Column("organizer_email", Outside),
    Column("attendees", Text, nullable=False),
    Index(None, "ends_at"),
)

bot = Table(
    "bot",  # a row for every bot that an entry names, read or not, and for those without an entry that were listed
    metadata,
    Column("id", Identity, primary_key=True),
    Column("named", Boolean, nullable=False, server_default="1"),  # an entry names it, or did
    Column("body", Text),  # null: never read
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
    Index("ix_bot_nobodys", "join_at", sqlite_where=text("NOT named"), postgresql_where=text("NOT named")),
    Index("ix_bot_tried_at", "tried_at", sqlite_where=text("NOT final"), postgresql_where=text("NOT final")),
)

observation = Table(
    "observation",  # what was seen to change; rows are added and never changed
    metadata,
    Column("seq", Key, primary_key=True, autoincrement=False),
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
    Index(
        "ix_observation_calendar_by_us",
        "user",
        sqlite_where=text("cause IS NOT NULL AND platform IS NOT NULL"),
        postgresql_where=text("cause IS NOT NULL AND platform IS NOT NULL"),
    ),
)

event = Table(
    "event",  # what happened here that is no write to Recall; rows are added and never changed
    metadata,
    Column("seq", Key, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    Column("kind", Text, nullable=False),
    Column("actor", ForeignKey("staff.name")),  # null: nobody with an account
    Column("user", ForeignKey("calendar_user.pk")),
    Column("details", Text, nullable=False),  # JSON
    Index(None, "at"),
    Index(None, "user"),
)

assignment = Table(
    "assignment",  # what an uploaded CSV says of a user; the domain of its mailbox stands in calendar_user
    metadata,
    Column("user", ForeignKey("calendar_user.pk"), primary_key=True, autoincrement=False),
    Column("customer", Outside),
    Column("team", Outside),
)

customer_owner = Table(
    "customer_owner",
    metadata,
    Column("customer", Outside, primary_key=True),
    Column("staff", ForeignKey("staff.name"), nullable=False),
)

applied_file = Table(
    "applied_file",  # which CSVs of customers were applied; rows are added and never changed
    metadata,
    Column("pk", Key, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    Column("staff", ForeignKey("staff.name"), nullable=False),
    Column("counts", Text, nullable=False),
)

looked = Table(
    "looked",  # when a staff member last looked
    metadata,
    Column("staff", ForeignKey("staff.name"), primary_key=True),
    Column("at", Instant, nullable=False),  # of this visit, the last look
    Column("before", Instant),  # of the visit before, the last look; null: this is the first
)

batch = Table(
    "batch",  # many users changed at once
    metadata,
    Column("pk", Key, primary_key=True, autoincrement=False),
    Column("kind", Text, nullable=False),
    Column("actor", ForeignKey("staff.name"), nullable=False),
    Column("why", Outside),
    Column("plan", Text, nullable=False),  # what was chosen, as JSON
    Column("state", Text, nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("closed_at", Instant),
    Column("undoes", ForeignKey("batch.pk")),
)

change = Table(
    "change",  # what was asked of Recall; a row is added before anything is sent, and closed once
    metadata,
    Column("seq", Key, primary_key=True, autoincrement=False),
    Column("kind", Text, nullable=False),
    Column("user", ForeignKey("calendar_user.pk"), nullable=False),
    Column("entry_id", Identity),  # Recall's uuid; entries may be forgotten, and this may not
    Column("actor", ForeignKey("staff.name"), nullable=False),
    Column("why", Outside),
    Column("before", Text),  # JSON, as `after`; null: erased
    Column("after", Text),
    Column("state", Text, nullable=False),
    Column("note", Text),  # a sentence of ours for how it ended
    Column("made_at", Instant, nullable=False),
    Column("sent_at", Instant),  # written before it is sent: null means that it never was
    Column("closed_at", Instant),
    Column("batch", ForeignKey("batch.pk")),
    Column("undoes", ForeignKey("change.seq")),
    Index(None, "user"),
    Index(None, "batch"),
    Index(None, "undoes"),
    Index(
        "ix_change_open",
        "seq",
        sqlite_where=text("closed_at IS NULL"),
        postgresql_where=text("closed_at IS NULL"),
    ),
)

agreement = Table(
    "agreement",  # of a change of preferences: for how many coming entries Recall decided as we had estimated
    metadata,
    Column("change", ForeignKey("change.seq"), primary_key=True, autoincrement=False),
    Column("agreed", Integer, nullable=False),
    Column("judged", Integer, nullable=False),  # those that our rule says something about
    Column("at", Instant, nullable=False),  # start of the read that showed Recall's decisions
)

batch_item = Table(
    "batch_item",  # one user of a batch: the plan, and what became of it
    metadata,
    Column("batch", ForeignKey("batch.pk"), primary_key=True),
    Column("user", ForeignKey("calendar_user.pk"), primary_key=True),
    Column("before", Text),  # JSON, as `after`; null: erased
    Column("after", Text),
    Column("state", Text, nullable=False),
    Column("change", ForeignKey("change.seq")),
    Column("problem", Text),  # why it was not done, in a sentence of ours
)

sync_pass = Table(
    "sync_pass",
    metadata,
    Column("pk", Key, primary_key=True, autoincrement=False),
    Column("begun_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("state", Text, nullable=False),
    Column("stage", Text, nullable=False),
    Column("resumed", Integer, nullable=False),  # how often it was taken up again
    Column("counts", Text, nullable=False),
    Column("tried", Text, nullable=False, server_default=""),  # users it has tried to read: lib.store.ranges
    Column("problem", Text),  # why it was cut off, in a sentence of ours
)

sync_request = Table(
    "sync_request",
    metadata,
    Column("pk", Key, primary_key=True, autoincrement=False),
    Column("asked_at", Instant, nullable=False),
    Column("asked_by", Text),
    Column("taken_at", Instant),
)

counting = Table(
    "counting",  # that counting itself changed by an upgrade, and by how much
    metadata,
    Column("pk", Key, primary_key=True, autoincrement=False),  # the version of counting
    Column("at", Instant, nullable=False),
    Column("months", Text, nullable=False),  # JSON; empty: there were no figures before
)

bot_config = Table(
    "bot_config",  # versions of the preset; rows are added and never changed
    metadata,
    Column("pk", Key, primary_key=True, autoincrement=False),  # the number that people call it by
    Column("text", Outside, nullable=False),
    Column("note", Outside, nullable=False),
    Column("staff", ForeignKey("staff.name"), nullable=False),
    Column("at", Instant, nullable=False),
)

bot_config_mark = Table(
    "bot_config_mark",  # that a version was handed to Recall, or that this was a mistake; the last mark of one counts
    metadata,
    Column("pk", Key, primary_key=True, autoincrement=False),
    Column("version", ForeignKey("bot_config.pk"), nullable=False),
    Column("sent", Boolean, nullable=False),
    Column("staff", ForeignKey("staff.name"), nullable=False),
    Column("at", Instant, nullable=False),
    Index(None, "version"),
)

bot_config_draft = Table(
    "bot_config_draft",  # what somebody has typed and not kept as a version
    metadata,
    Column("staff", ForeignKey("staff.name"), primary_key=True),
    Column("text", Outside, nullable=False),
    Column("basis", Key, nullable=False),  # the newest version when it was begun, 0 for none
    Column("at", Instant, nullable=False),
)

standard = Table(
    "standard",  # what a customer's users are to have recorded; rows are added, and a customer's last one counts
    metadata,
    Column("pk", Key, primary_key=True, autoincrement=False),
    Column("customer", Outside, nullable=False),
    Column("flags", Text),  # the six, as JSON; null: it was taken away
    Column("staff", ForeignKey("staff.name"), nullable=False),
    Column("at", Instant, nullable=False),
)

connect_link = Table(
    "connect_link",  # neither a link nor its token is kept, only what was seen to come of it
    metadata,
    Column("pk", Key, primary_key=True, autoincrement=False),
    Column("user", ForeignKey("calendar_user.pk"), nullable=False),
    Column("platform", Text, nullable=False),
    Column("staff", ForeignKey("staff.name"), nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("nonce_hash", Text, nullable=False, unique=True),
    Column("was_connected", Boolean, nullable=False),  # when it was made, or when another link was seen to work
    Column("account_before", Outside),
    Column("returned_at", Instant),
    Column("returned_ok", Boolean),
    Column("connected_at", Instant),  # start of the read that showed it
    Column("account", Outside),
    Index(None, "user"),
    Index(
        "ix_connect_link_open",
        "expires_at",
        sqlite_where=text("connected_at IS NULL"),
        postgresql_where=text("connected_at IS NULL"),
    ),
)

new_user = Table(
    "new_user",  # calendar users that were asked for on purpose; a row is added before Recall is asked
    metadata,
    Column("pk", Key, primary_key=True, autoincrement=False),
    Column("external_id", Outside),  # null: erased
    Column("staff", ForeignKey("staff.name"), nullable=False),
    Column("at", Instant, nullable=False),
    Column("state", Text, nullable=False),
    Column("user", ForeignKey("calendar_user.pk")),  # once it was made
    Index(None, "user"),
)

lease = Table(
    "lease",
    metadata,
    Column("name", Text, primary_key=True),
    Column("holder", Text, nullable=False),
    Column("taken_at", Instant, nullable=False),
    Column("renewed_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
)

budget = Table(
    "budget",
    metadata,
    Column("name", Text, primary_key=True),
    Column("closed_at", Instant, nullable=False),
    Column("closed_until", Instant, nullable=False),
)

spending = Table(
    "spending",  # one row a call of the last minute
    metadata,
    Column("pk", Key, primary_key=True, autoincrement=False),
    Column("budget", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Index("ix_spending_budget_at", "budget", "at"),
)
