import { Support } from "./support";

/** The start page. */
export default function Page() {
  return (
    <main>
      <h1>Fernhill</h1>
      <Support />
    </main>
  );
}
