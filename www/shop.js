// The demo shop: its basket, and the links that show one kind of goods. The basket is kept until the page is left. The button
// *Ask about these* shows how a page uses the chat: it opens the panel with a draft, which the visitor can change and send.

/** @type {Map<string, number>} The number of each thing in the basket, by its name. */
const basket = new Map();
const dialog = document.querySelector("#basket");
const list = dialog.querySelector("ul");

function showBasket() {
  const count = [...basket.values()].reduce((sum, number) => sum + number, 0);
  document.querySelector(".count").textContent = `${count}`;
  list.replaceChildren(
    ...[...basket].map(([name, number]) => {
      const item = document.createElement("li");
      item.textContent = number > 1 ? `${number} × ${name}` : name;
      return item;
    }),
  );
  dialog.querySelector(".empty").hidden = count > 0;
  document.querySelector("#ask").hidden = count === 0;
}

for (const item of document.querySelectorAll(".item")) {
  const name = item.querySelector(".name").textContent;
  item.querySelector(".add").setAttribute("aria-label", `Add to basket: ${name}`);
  item.querySelector(".add").addEventListener("click", ({ currentTarget }) => {
    basket.set(name, (basket.get(name) ?? 0) + 1);
    showBasket();
    currentTarget.textContent = "Added";
    setTimeout(() => (currentTarget.textContent = "Add to basket"), 1_500);
  });
}

for (const link of document.querySelectorAll("[data-show]")) {
  link.addEventListener("click", () => {
    for (const item of document.querySelectorAll(".item")) {
      item.hidden = link.dataset.show !== "" && item.dataset.kind !== link.dataset.show;
    }
  });
}

document.querySelector("#open-basket").addEventListener("click", () => dialog.showModal());
document.querySelector("#close-basket").addEventListener("click", () => dialog.close());
document.querySelector("#ask").addEventListener("click", async () => {
  dialog.close();
  await window.Pipit.setDraft(`I have a question about: ${[...basket.keys()].join(", ")}`);
  await window.Pipit.open();
});
showBasket();
