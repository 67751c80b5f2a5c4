//! Compiles programs to WASM: the chat widget, the desk (the agent's page), and the conversation without a view. Splits the widget
//! into modules that load when they are first used, and makes the JavaScript that loads the modules.

use crate::{
    disk,
    failure::{Failure, Outcome},
    names, process,
    tools::{self, WASM_TARGET},
    workspace::{self, cargo, is_fresh},
};
use std::{
    env, panic,
    path::{Path, PathBuf},
    process::Command,
    thread,
};

/// The cargo profile of everything that is compiled to WASM.
const PROFILE: &str = "wasm";

/// The compiler flags, which also apply to the standard library. A panic ends the WASM at once without a message,
/// because the code for panic messages would be a tenth of the module. `wasm-split` needs the relocations that
/// `--emit-relocs` keeps.
const RUSTFLAGS: &str = "-Zunstable-options -Cpanic=immediate-abort -Zfmt-debug=none \
     -Zlocation-detail=none -Clink-args=--emit-relocs";

/// The arguments of wasm-opt, in the order in which it works. It writes the code anew in a flat form, whose branches it
/// arranges again, and then makes it small twice; docs/size.md has the effect. The stack of Rust's programs is at the
/// beginning of the memory and grows towards its beginning, so no object has an address below 1,024, as
/// `--low-memory-unused` says. The other arguments enable exactly the WASM features that Rust's WASM target uses. With
/// `--all-features`, wasm-opt would write modules that no browser accepts.
const WASM_OPT: [&str; 16] = [
    "--low-memory-unused",
    "--flatten",
    "--rereloop",
    "-Oz",
    "-Oz",
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-call-indirect-overlong",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
    // `cargo xtask size` needs the names of functions. `names::strip` removes them from the files for the browser.
    "--debuginfo",
    "--strip-dwarf",
    "--strip-producers",
];

/// A program that is compiled to WASM.
pub(crate) struct App {
    /// The name of the package, and of the binary in it.
    package: &'static str,
    /// The file name of the app's script, without the extension.
    name: &'static str,
    script: Script,
}

/// The form of the JavaScript that loads an app.
enum Script {
    /// A JavaScript module. It makes one instance of the app, when the function that it exports is first called.
    Module,
    /// A JavaScript module that exports a function. Each call makes a new instance of the app, so that the widget can
    /// start again after a crash. `npm/glue.d.ts` declares the parameters of the function.
    Function,
}

/// The chat widget.
pub(crate) static WIDGET: App = App {
    package: "pipit",
    name: "widget",
    script: Script::Function,
};

/// The desk, which is the agent's page.
pub(crate) static DESK: App = App {
    package: "pipit-desk",
    name: "pipit-desk",
    script: Script::Module,
};

/// The conversation without a view, of the npm package's entry `pipit-chat/headless`.
pub(crate) static HEADLESS: App = App {
    package: "pipit-headless",
    name: "headless",
    script: Script::Module,
};

/// Compiles the widget and the desk. Installs wasm-bindgen at the same time if it is missing, and returns the directory of
/// wasm-bindgen's executables.
pub(crate) fn compile() -> Outcome<PathBuf> {
    tools::wasm_target()?;
    let mut build = build_command(&[&WIDGET, &DESK])?;
    build.args(["--features", "pipit/split"]);
    thread::scope(|scope| {
        let bindgen = scope.spawn(tools::wasm_bindgen);
        let step = "Compiling the widget and the desk to WASM (the first time 2 to 5 minutes)";
        let build_result = process::run_step(step, &mut build);
        let bindgen = bindgen
            .join()
            .unwrap_or_else(|panicked| panic::resume_unwind(panicked));
        build_result.and(bindgen)
    })
}

/// Compiles the conversation without a view, and makes its files for the browser. Its code is not split, so the library is compiled once
/// more, without the feature that splits it. What the library depends on is shared with [`compile`].
pub(crate) fn build_headless() -> Outcome<BuiltApp> {
    let mut build = build_command(&[&HEADLESS])?;
    process::run_step(
        "Compiling the conversation without a view to WASM",
        &mut build,
    )?;
    HEADLESS.bind(&tools::wasm_bindgen()?, &tools::npm_packages()?)
}

/// A command that compiles apps.
fn build_command(apps: &[&App]) -> Outcome<Command> {
    let mut build = cargo("build -Z build-std=std,panic_abort");
    build
        .args(["-Z", "build-std-features=optimize_for_size"])
        .args(["--target", WASM_TARGET, "--profile", PROFILE])
        .arg("--target-dir")
        .arg(compile_directory()?)
        // The flags are unstable. `RUSTC_BOOTSTRAP` lets the stable compiler accept them, but another version of
        // the compiler could reject them.
        .env("RUSTC_BOOTSTRAP", "1")
        .env("RUSTFLAGS", RUSTFLAGS);
    for app in apps {
        build.args(["--package", app.package, "--bin", app.package]);
    }
    Ok(build)
}

/// The files of an app for the browser: the main WASM module, the modules that load later, and the script that loads
/// them.
pub(crate) struct BuiltApp {
    /// The directory of the build. Its subdirectory `bound` has the files for the browser. Its subdirectory `named` has
    /// the same modules with the names of their functions.
    directory: PathBuf,
    /// The file name of the script.
    script: String,
}

impl BuiltApp {
    /// The path of the script that loads the modules.
    pub(crate) fn script(&self) -> PathBuf {
        self.directory.join("bound").join(&self.script)
    }

    /// The file names of all modules, the main one included.
    pub(crate) fn modules(&self) -> Outcome<Vec<String>> {
        let names = disk::names(&self.directory.join("bound"))?;
        Ok(names.into_iter().filter(|name| is_module(name)).collect())
    }

    /// The file names of the modules that have to be loaded for a part, the part's own module last. wasm-split puts code that
    /// several parts use into modules of their own, whose names begin with `chunk_`.
    pub(crate) fn modules_of_part(&self, part: &str) -> Outcome<Vec<String>> {
        let script = self.directory.join("__wasm_split.js");
        modules_of_part(&disk::read_text(&script)?, part).ok_or_else(|| {
            Failure::new(format!(
                "{} has no part `{part}`, or loads it in a way that the build does not know.",
                script.display()
            ))
        })
    }

    /// The bytes of a module for the browser, without names.
    pub(crate) fn module(&self, name: &str) -> Outcome<Vec<u8>> {
        disk::read(&self.directory.join("bound").join(name))
    }

    /// The bytes of a module with the names of its functions.
    pub(crate) fn module_with_names(&self, name: &str) -> Outcome<Vec<u8>> {
        disk::read(&self.directory.join("named").join(name))
    }

    /// Copies the modules and the script into a directory.
    pub(crate) fn copy(&self, to: &Path) -> Outcome {
        disk::copy_directory(&self.directory.join("bound"), to)
    }
}

impl App {
    /// Makes the files for the browser: runs wasm-split, wasm-bindgen and wasm-opt on the compiled app, and then
    /// esbuild on the script that wasm-bindgen has written. Changes nothing if the result of an earlier run is up to
    /// date. `bindgen` is the directory of wasm-bindgen's executables. `npm` is the directory with the executables of
    /// the installed npm packages, wasm-opt and esbuild.
    pub(crate) fn bind(&self, bindgen: &Path, npm: &Path) -> Outcome<BuiltApp> {
        let cargo_output = compile_directory()?.join(WASM_TARGET).join(PROFILE);
        let compiled = cargo_output.join(self.package).with_extension("wasm");
        let work = workspace::target()?.join("bindgen").join(self.package);
        let built = BuiltApp {
            directory: work.clone(),
            script: format!("{}.js", self.name),
        };
        // The result also depends on this program, and on the versions of the tools from npm.
        let this_program = env::current_exe().unwrap_or_default();
        let lock = workspace::root().join("npm/package-lock.json");
        if is_fresh(&built.script(), &[&compiled, &lock, &this_program]) {
            return Ok(built);
        }
        create_empty(&work)?;
        let parts = split(self, &compiled, &work)?;
        let mut bind = Command::new(bindgen.join("wasm-bindgen"));
        bind.args(["--target", "web", "--no-typescript", "--keep-lld-exports"]);
        bind.args(["--out-name", self.name, "--out-dir"]).arg(&work);
        process::run_step(
            &format!("Making the files of {} for the browser", self.package),
            bind.arg(work.join("main.wasm")),
        )?;
        let main = work.join(format!("{}_bg.wasm", self.name));
        let script = work.join(&built.script);
        shorten(&main, &script)?;
        for module in parts.iter().chain([&main]) {
            let name = module.file_name().unwrap_or_default();
            let named = work.join("named").join(name);
            let mut shrink = Command::new(npm.join("wasm-opt"));
            process::run_silently(shrink.args(WASM_OPT).arg(module).arg("-o").arg(&named))?;
            let stripped = names::strip(&disk::read(&named)?)?;
            disk::write(&work.join("bound").join(name), &stripped)?;
        }
        // Only the widget has parts that load later.
        if !parts.is_empty() {
            write_part_loader(&work)?;
        }
        match self.script {
            Script::Module => bundle_glue(npm, &script, &built.script(), &["--format=esm"])?,
            Script::Function => bundle_glue_function(npm, &script, &built.script())?,
        }
        Ok(built)
    }
}

/// The target directory of these builds. With cargo's usual target directory, the compiler flags would make cargo
/// compile the tests again.
fn compile_directory() -> Outcome<PathBuf> {
    Ok(workspace::target()?.join("site-wasm"))
}

/// Removes the files of the previous build, and creates the empty directories of the next one.
fn create_empty(directory: &Path) -> Outcome {
    disk::remove(directory)?;
    ["bound", "named"]
        .iter()
        .try_for_each(|name| disk::create_directory(&directory.join(name)))
}

/// Whether a file name is the name of a WASM module.
fn is_module(name: &str) -> bool {
    Path::new(name)
        .extension()
        .is_some_and(|extension| extension == "wasm")
}

/// Writes the script that the widget's script imports in place of wasm-split's own, which fetches the modules of a part from its
/// own directory. For each part, this script has a function that calls `loadPart`, a parameter of the function that
/// [`bundle_glue_function`] writes, with the part's index in [`PARTS`] and the main module's exports. The main module calls
/// that function when the part is first used, with a callback and the callback's data.
fn write_part_loader(work: &Path) -> Outcome {
    let original = disk::read_text(&work.join("__wasm_split.js"))?;
    if original.matches(PART_LOADER).count() != PARTS.len() {
        return Err(Failure::new(
            "wasm-split has made other parts than those that the build knows (`PARTS` in xtask/src/wasm.rs).",
        ));
    }
    let functions = PARTS.iter().enumerate().map(|(index, part)| {
        format!("{PART_LOADER}{part} = (callback, data) => loadPart({index}, initSync(), callback, data);\n")
    });
    let script = functions.collect::<String>();
    let import = "import { initSync } from \"./widget.js\";\n";
    disk::write(&work.join(PART_LOADER_FILE), [import, &script].concat())
}

/// The file name of the script that [`write_part_loader`] writes.
const PART_LOADER_FILE: &str = "parts.js";

/// The beginning of the statement that exports a part's function.
const PART_LOADER: &str = "export const __wasm_split_load_";

/// The parts of the widget that load later, in the order in which a conversation needs them. A conversation that has not
/// ended does not need the last one.
pub(crate) const PARTS: [&str; 3] = ["conversation", "content", "saving"];

/// Reads from wasm-split's script which modules a part needs. The script calls `makeLoad` for each part with a list of the
/// shared modules. Returns `None` if there is no such call.
fn modules_of_part(script: &str, part: &str) -> Option<Vec<String>> {
    let start = format!("{PART_LOADER}{part} = ");
    let (_, call) = script.split_once(&start)?;
    let (_, list) = call.split_once("\n, [")?;
    let (list, _) = list.split_once(']')?;
    let shared = list.split(',').filter_map(|name| {
        let name = name.trim().strip_prefix("__")?;
        Some(format!("{name}.wasm"))
    });
    Some(shared.chain([format!("split_{part}.wasm")]).collect())
}

/// Splits the compiled module at the functions that the source marks for later loading. Writes the main module to
/// `main.wasm`, and returns the paths of the other modules.
fn split(app: &App, compiled: &Path, work: &Path) -> Outcome<Vec<PathBuf>> {
    let whole = disk::read(compiled)?;
    let main = work.join("main.wasm");
    let main_module = format!("./{}.js", app.name);
    let mut options = wasm_split_cli_support::Options::new(&whole);
    options.output_dir = work;
    options.main_out_path = &main;
    options.main_module = &main_module;
    let split = wasm_split_cli_support::transform(options).map_err(|error| {
        Failure::new(format!(
            "{} could not be split: {error:#}",
            compiled.display()
        ))
    })?;
    Ok(split.split_modules)
}

/// Shortens the names that a module and its script share, in both files.
fn shorten(module: &Path, script: &Path) -> Outcome {
    let (short, text) = names::shorten(&disk::read(module)?, &disk::read_text(script)?)?;
    disk::write(module, short)?;
    disk::write(script, text)
}

/// Bundles the *glue* (the script that connects a WASM module with the browser) and everything that it imports into one
/// file. `format` has esbuild's arguments for the form of the result.
fn bundle_glue(npm: &Path, from: &Path, to: &Path, format: &[&str]) -> Outcome {
    process::run_silently(
        Command::new(npm.join("esbuild"))
            .arg(from)
            .args(["--bundle", "--minify", "--log-level=error"])
            .args(format)
            .arg(format!("--outfile={}", to.display())),
    )
}

/// The text that stands for `import.meta.url` while esbuild runs. esbuild would replace `import.meta.url` by an empty
/// value, because the script becomes the body of a function.
const SCRIPT_URL_PLACEHOLDER: &str = "PIPIT_OWN_ADDRESS";

/// The statements of wasm-bindgen's script that the build changes, each with its replacement.
/// - The first one stores the exports of the main module.
/// - The second one reads the page's document.
/// - The third one exports the functions that start an instance. These can fetch the module, too, and warn of old
///   arguments. `npm/wasm.ts` has a compiled module, so a short function is enough. wasm-split's script calls `initSync`
///   only after the start, to get the exports.
/// - The fourth one reads the clock for Yew, which only compares times. A script of the page may have broken `Date` and
///   `performance`, and an exception here would end the WASM.
/// - The fifth one makes the objects with options for functions of the browser. Without a prototype, nothing that a script of
///   the page has put into `Object.prototype` counts as an option.
/// - The last two begin code for browsers without `encodeInto` and for modules without `realloc`. No browser that the
///   widget supports and no module of the widget needs that code.
const CHANGED_STATEMENTS: [(&str, &str); 7] = [
    (
        "wasm = instance.exports;",
        "wasm = guarded(instance.exports);",
    ),
    ("const ret = arg0.document;", "const ret = pageDocument;"),
    (
        "export { initSync, __wbg_init as default };",
        "const startedExports = () => wasm;
const start = async (module) =>
    __wbg_finalize_init(await WebAssembly.instantiate(module, __wbg_get_imports()), module);
export { startedExports as initSync, start };",
    ),
    (
        ": function() {
            const ret = Date.now();",
        ": function() {
            const ret = new Event('').timeStamp;",
    ),
    (
        "const ret = new Object();",
        "const ret = Object.create(null);",
    ),
    (
        "if (!('encodeInto' in cachedTextEncoder)) {",
        "if (false) {",
    ),
    ("if (realloc === undefined) {", "if (false) {"),
];

/// Bundles the script as [`Script::Function`]. The script uses the parameters of the written function:
/// - `guarded` wraps the exports of the main module, so that crashes of the WASM are detected;
/// - `AbortController` replaces the browser's class of that name;
/// - `loadPart` loads a part, as [`write_part_loader`] says;
/// - `pageDocument` replaces `window.document`, whose properties are hidden by elements with their names.
fn bundle_glue_function(npm: &Path, from: &Path, to: &Path) -> Outcome {
    let mut script = disk::read_text(from)?;
    for (original, replacement) in CHANGED_STATEMENTS {
        if script.matches(original).count() != 1 {
            return Err(Failure::new(format!(
                "{} does not contain `{original}` exactly once. This version of wasm-bindgen differs from the one that the build \
                 knows.",
                from.display()
            )));
        }
        script = script.replacen(original, replacement, 1);
    }
    let script = script.replace(
        "from \"./__wasm_split.js\"",
        &format!("from \"./{PART_LOADER_FILE}\""),
    );
    disk::write(from, script)?;
    let address = format!("--define:import.meta.url={SCRIPT_URL_PLACEHOLDER}");
    bundle_glue(
        npm,
        from,
        to,
        &["--format=iife", "--global-name=glue", &address],
    )?;
    let bundled = disk::read_text(to)?.replace(SCRIPT_URL_PLACEHOLDER, "import.meta.url");
    let bundled = read_own_members(&bundled).ok_or_else(|| {
        let script = to.display();
        Failure::new(format!("{script} makes its exports in a new way. This version of esbuild differs from the one that the build knows."))
    })?;
    let function = [
        "export default(guarded,AbortController,loadPart,pageDocument)=>{",
        &bundled,
        "return glue}\n",
    ];
    disk::write(to, function.concat())
}

/// Changes the only loop `for(var NAME in OBJECT)` of a bundled script, with which esbuild makes an object of exports. The loop
/// would also take what a script of the page has added to `Object.prototype`. Returns `None` if there is not exactly one
/// such loop.
fn read_own_members(script: &str) -> Option<String> {
    const LOOP: &str = "for(var ";
    let (before, loop_and_rest) = script.split_once(LOOP)?;
    let (head, rest) = loop_and_rest.split_once(')')?;
    let (name, object) = head.split_once(" in ")?;
    (!rest.contains(LOOP))
        .then(|| [before, LOOP, name, " of Object.keys(", object, "))", rest].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_modules_of_a_part_are_read_from_the_script_of_wasm_split() {
        let script = "export const __wasm_split_load_a = wrapAsyncCb(makeLoad(() => {\n}\n, []));
export const __wasm_split_load_b = wrapAsyncCb(makeLoad(() => {\n}\n, [__chunk_1, __chunk_2]));";
        let modules = |part| modules_of_part(script, part);
        assert_eq!(modules("a").unwrap(), ["split_a.wasm"]);
        assert_eq!(
            modules("b").unwrap(),
            ["chunk_1.wasm", "chunk_2.wasm", "split_b.wasm"]
        );
        assert_eq!(modules("c"), None);
    }

    #[test]
    fn the_loop_over_exports_reads_own_members_only() {
        let script = "var F=(o,t)=>{for(var n in t)S(o,n,{get:t[n]})};";
        let expected = "var F=(o,t)=>{for(var n of Object.keys(t))S(o,n,{get:t[n]})};";
        assert_eq!(read_own_members(script).as_deref(), Some(expected));
        assert_eq!(read_own_members("var a=1;"), None);
        assert_eq!(read_own_members(&[script, script].concat()), None);
    }
}
