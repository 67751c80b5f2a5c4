// Uses the chat by its commands, and reports to the proxy what there is to see. The script runs before the one that breaks the
// environment, and keeps the functions that it needs. `NUMBER` is the number of the page. The report has its parts with `\u0001`
// between, and not as JSON, because some pages break JSON.
{
  try { sessionStorage.clear(); } catch {}
  const { setTimeout: later, XMLHttpRequest: Request, document: page } = window;
  const { open, send } = Request.prototype;
  const failures = [];
  const fail = what => failures[failures.length] = what;
  const read = () => {
      const root = page.querySelector("pipit-chat")?.shadowRoot;
      let texts = "";
      for (const part of root?.querySelectorAll(".list, [part~=failed], [part~=mishap], [part~=banner], [part~=welcome]") ?? [])
          if (part.getClientRects().length) texts += part.textContent + " ";
      page.querySelector('[id=own]')?.click();
      return texts;
  };
  const report = () => {
      let state = "";
      try { state = window.Pipit?.getState?.().state ?? ""; } catch (error) { fail("getState: " + error); }
      const texts = read();
      const everything = page.documentElement.outerHTML + (page.querySelector("pipit-chat")?.shadowRoot?.innerHTML ?? "")
          + page.location.href;
      const request = new Request();
      open.call(request, "POST", "/report");
      const { length } = failures;
      let failed = "";
      for (let index = 0; index < length; index++) failed += failures[index] + "; ";
      let alarms = "";
      for (let index = 0; index < window.alarms.length; index++) alarms += window.alarms[index] + "; ";
      send.call(request, [NUMBER, state, texts, failed, alarms, String(window.clicks), window.consoleTexts, everything].join("\u0001"));
      later(report, 60);
  };
  const begin = () => {
      if (!window.Pipit?.open) { later(begin, 20); return; }
      (async () => { await window.Pipit.open(); await window.Pipit.send("question NUMBER"); })()
          .catch(error => fail(error?.message ?? String(error)));
  };
  later(begin, 20);
  later(report, 60);
}
