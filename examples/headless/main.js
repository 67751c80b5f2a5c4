// The script of the page. What the chat needs is loaded when a visitor wants to chat, or has chatted in this tab.

const open = async () => {
  sessionStorage.setItem("chat", "open");
  await import("./chat.js");
};

document.querySelector("#open").addEventListener("click", open);
if (sessionStorage.getItem("chat")) {
  open();
}
