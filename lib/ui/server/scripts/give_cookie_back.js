export default async function () {
  await fetch("/session", { method: "DELETE", credentials: "same-origin" });
  window.location.assign("/");
}
