import { Component } from "@angular/core";
import { mountChat } from "./chat";

@Component({ selector: "app-root", template: "<h1>Fernhill</h1>" })
export class App {
  constructor() {
    mountChat();
  }
}
