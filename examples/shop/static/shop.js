"use strict";
const $ = (selector) => document.querySelector(selector);
const euros = (cents) => `${(cents / 100).toFixed(2)} ${window.currency}`;

async function call(path, options = {}) {
  const token = sessionStorage.getItem("token");
  const response = await fetch(path, { ...options, headers: { Authorization: `Bearer ${token}`, ...options.headers } });
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return response.json();
}

function post(path, data, headers = {}) {
  return call(path, { method: "POST", headers: { "Content-Type": "application/json", ...headers }, body: JSON.stringify(data) });
}

async function openWelcome() {
  const ticket = new URLSearchParams(location.search).get("ticket");
  const response = await fetch("/api/token", {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-Ticket": ticket },
    body: JSON.stringify({ grant: "ticket", device: "web" }),
  });
  sessionStorage.setItem("token", (await response.json()).access_token);
  $("#state").textContent = "The shop is open.";
  $("#browse").hidden = false;
}

async function openCatalogue() {
  const { items } = await call("/api/items");
  for (const item of items) {
    const button = document.createElement("button");
    button.textContent = item.name;
    button.addEventListener("click", () => showItem(item.id));
    $("#items").appendChild(document.createElement("li")).append(button, ` ${euros(item.price_cents)}`);
  }
}

async function showItem(id) {
  const item = await call(`/api/items/${id}`);
  $("#detail h2").textContent = item.name;
  $("#detail p").textContent = item.blurb;
  $("#add").onclick = () => addToCart(item.id);
  $("#detail").hidden = false;
}

const CART = `query Cart($id: ID!) {
  cart(id: $id) { id total_cents lines { name quantity } }
}`;

async function addToCart(id) {
  const order = { item_id: id, quantity: 1, sent_at: Date.now() };
  const added = await post("/api/cart", order, { "X-Request-Id": crypto.randomUUID() });
  const reply = await post("/graphql", { operationName: "Cart", query: CART, variables: { id: added.cart.id } });
  const cart = reply.data.cart;
  $("#cart p").textContent = `${cart.lines.map((line) => `${line.quantity} × ${line.name}`).join(", ")}: ${euros(cart.total_cents)}`;
  $("#checkout").href = `/checkout?cart=${cart.id}`;
  $("#cart").hidden = false;
}

if (location.pathname === "/welcome") openWelcome();
if (location.pathname === "/catalogue") openCatalogue();
