"""Tables of what staff do: who they are, what they change, and what happened here."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, Text, true

from lib.store.columns import (
    Identity,
    Instant,
    Json,
    Key,
    Outside,
    UtcDateTime,
    number,
    partial_index,
    shared_key,
    table,
)

staff = table(
    "staff",
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

staff_customer = table(
    "staff_customer",  # the customers that a staff member who does not see all of them sees
    Column("staff", Text, ForeignKey("staff.name"), primary_key=True),
    Column("customer", Text, primary_key=True),
)

session = table(
    "session",
    Column("id_hash", Text, primary_key=True),  # SHA-256 of the cookie: nobody gets in by reading this file
    Column("staff", Text, ForeignKey("staff.name"), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("last_seen_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime),
    Column("ended_why", Text),
    Column("verified_at", UtcDateTime),  # the password was last asked for and right; null: when it began
    Index(None, "staff"),
)

ticket = table(
    "ticket",
    Column("hash", Text, primary_key=True),  # SHA-256, like the session's
    Column("staff", Text, ForeignKey("staff.name"), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("used_at", UtcDateTime),
)

sign_in_lock = table(
    "sign_in_lock",  # wrong passwords of one account from one address; both as digests of what was typed and came
    Column("account", Text, primary_key=True),
    Column("address", Text, primary_key=True),
    Column("misses", Integer, nullable=False),
    Column("first_at", Instant, nullable=False),
    Column("until", Instant),  # null: not locked
    Index(None, "first_at"),
)

last_visit = table(
    "last_visit",  # of a staff member
    Column("staff", ForeignKey("staff.name"), primary_key=True),
    Column("at", Instant, nullable=False),  # the data that was last looked at in this visit is as of then
    Column("previous_at", Instant),  # the same of the visit before; null: this is the first
)

event = table(
    "event",  # what happened here that is no write to Recall; rows are added and never changed
    number("seq"),
    Column("at", Instant, nullable=False),
    Column("kind", Text, nullable=False),
    Column("actor", ForeignKey("staff.name")),  # null: nobody with an account
    Column("user", ForeignKey("calendar_user.pk")),
    Column("details", Json, nullable=False),  # JSON
    Index(None, "at"),
    Index(None, "user"),
)

batch = table(
    "batch",  # many users changed at once
    number(),
    Column("kind", Text, nullable=False),
    Column("actor", ForeignKey("staff.name"), nullable=False),
    Column("why", Outside),
    Column("plan", Json, nullable=False),  # what was chosen, as JSON
    Column("state", Text, nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("closed_at", Instant),
    Column("undoes", ForeignKey("batch.pk")),
)

change = table(
    "change",  # what was asked of Recall; a row is added before anything is sent, and closed once
    number("seq"),
    Column("kind", Text, nullable=False),
    Column("user", ForeignKey("calendar_user.pk"), nullable=False),
    Column("entry_id", Identity),  # Recall's uuid; entries may be forgotten, and this may not
    Column("actor", ForeignKey("staff.name"), nullable=False),
    Column("why", Outside),
    Column("before", Json),  # JSON, as `after`; null: erased
    Column("after", Json),
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
    partial_index("ix_change_open", "seq", where="closed_at IS NULL"),
)

agreement = table(
    "agreement",  # of a change of preferences: for how many coming entries Recall decided as we had estimated
    shared_key("change", "change.seq"),
    Column("agreed", Integer, nullable=False),
    Column("judged", Integer, nullable=False),  # those that our rule says something about
    Column("at", Instant, nullable=False),  # start of the read that showed Recall's decisions
)

batch_item = table(
    "batch_item",  # one user of a batch: the plan, and what became of it
    Column("batch", ForeignKey("batch.pk"), primary_key=True),
    Column("user", ForeignKey("calendar_user.pk"), primary_key=True),
    Column("before", Json),  # JSON, as `after`; null: erased
    Column("after", Json),
    Column("state", Text, nullable=False),
    Column("change", ForeignKey("change.seq")),
    Column("problem", Text),  # why it was not done, in a sentence of ours
)

bot_config = table(
    "bot_config",  # versions of the preset; rows are added and never changed
    number(),  # the number that people call it by
    Column("text", Outside, nullable=False),
    Column("note", Outside, nullable=False),
    Column("staff", ForeignKey("staff.name"), nullable=False),
    Column("at", Instant, nullable=False),
)

bot_config_mark = table(
    "bot_config_mark",  # that a version was handed to Recall, or that this was a mistake; the last mark of one counts
    number(),
    Column("version", ForeignKey("bot_config.pk"), nullable=False),
    Column("sent", Boolean, nullable=False),
    Column("staff", ForeignKey("staff.name"), nullable=False),
    Column("at", Instant, nullable=False),
    Index(None, "version"),
)

bot_config_draft = table(
    "bot_config_draft",  # what somebody has typed and not kept as a version
    Column("staff", ForeignKey("staff.name"), primary_key=True),
    Column("text", Outside, nullable=False),
    Column("basis", Key, nullable=False),  # the newest version when it was begun, 0 for none
    Column("at", Instant, nullable=False),
)

assignment = table(
    "assignment",  # what an uploaded CSV says of a user; the domain of its mailbox is in calendar_user
    shared_key("user", "calendar_user.pk"),
    Column("customer", Outside),
    Column("team", Outside),
)

customer_owner = table(
    "customer_owner",
    Column("customer", Outside, primary_key=True),
    Column("staff", ForeignKey("staff.name"), nullable=False),
)

applied_file = table(
    "applied_file",  # which CSVs of customers were applied; rows are added and never changed
    number(),
    Column("at", Instant, nullable=False),
    Column("staff", ForeignKey("staff.name"), nullable=False),
    Column("counts", Json, nullable=False),
)

standard = table(
    "standard",  # what a customer's users are to have recorded; rows are added, and a customer's last one counts
    number(),
    Column("customer", Outside, nullable=False),
    Column("flags", Json),  # the six, as JSON; null: it was taken away
    Column("staff", ForeignKey("staff.name"), nullable=False),
    Column("at", Instant, nullable=False),
)

connect_link = table(
    "connect_link",  # neither a link nor its token is kept, only what was seen to come of it
    number(),
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
    partial_index("ix_connect_link_open", "expires_at", where="connected_at IS NULL"),
)

new_user = table(
    "new_user",  # calendar users that were asked for on purpose; a row is added before Recall is asked
    number(),
    Column("external_id", Outside),  # null: erased
    Column("staff", ForeignKey("staff.name"), nullable=False),
    Column("at", Instant, nullable=False),
    Column("state", Text, nullable=False),
    Column("user", ForeignKey("calendar_user.pk")),  # once it was made
    Index(None, "user"),
)
