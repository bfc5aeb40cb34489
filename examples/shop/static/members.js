"use strict";
const $ = (selector) => document.querySelector(selector);
const client = { client_id: "members-page", redirect_uri: `${location.origin}/oauth/callback` };

function base64url(bytes) {
  return btoa(String.fromCharCode(...new Uint8Array(bytes))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

const random = (bytes) => base64url(crypto.getRandomValues(new Uint8Array(bytes)));

async function signIn() {
  const verifier = random(32);
  const state = random(16);
  sessionStorage.setItem("pkce", JSON.stringify({ verifier, state }));
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier));
  const query = new URLSearchParams({
    response_type: "code", ...client, scope: "profile", state, code_challenge: base64url(digest), code_challenge_method: "S256",
  });
  location.assign(`/oauth/authorize?${query}`);
}

async function finish() {
  const answer = new URLSearchParams(location.search);
  const { verifier, state } = JSON.parse(sessionStorage.getItem("pkce"));
  if (answer.get("state") !== state) throw new Error("this answer belongs to another sign-in");
  const body = new URLSearchParams({ grant_type: "authorization_code", ...client, code: answer.get("code"), code_verifier: verifier });
  const { access_token: token } = await (await fetch("/oauth/token", { method: "POST", body })).json();
  const member = await (await fetch("/api/me", { headers: { Authorization: `Bearer ${token}` } })).json();
  $("#who").textContent = `Signed in as ${member.username}.`;
  $("#signin").hidden = true;
  $("#signout").hidden = false;
  $("#signout").onclick = () => signOut(token);
}

async function signOut(token) {
  await fetch("/oauth/revoke", { method: "POST", body: new URLSearchParams({ token }) });
  $("#who").textContent = "You are signed out.";
  $("#signout").hidden = true;
}

$("#signin").onclick = signIn;
if (location.pathname === "/oauth/callback") finish();
