// The page itself cannot set a cookie that scripts cannot read, so the one-time ticket is exchanged for one. The reload
// keeps path and query: a deep link survives the sign-in.
export default async function ({ data }) {
  const answer = await fetch("/session", { method: "POST", body: data.ticket, credentials: "same-origin" });
  if (answer.ok) window.location.reload();
}
