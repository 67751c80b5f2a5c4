//! Compiles the widget and the desk to WASM, splits the widget into parts that load when they are used, and makes the
//! JavaScript that instantiates them.

use crate::{
    disk,
    failure::{Failure, Outcome},
    names, process,
    tools::{self, WASM},
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

/// The flags for compiling the standard library with the rest. A panic becomes a trap: the code that would print its
/// message is a tenth of the whole. `wasm-split` needs the relocations that `--emit-relocs` keeps.
const RUSTFLAGS: &str = "-Zunstable-options -Cpanic=immediate-abort -Zfmt-debug=none \
     -Zlocation-detail=none -Clink-args=--emit-relocs";

/// The features that Rust's WASM target uses, named one by one. With `--all-features`, wasm-opt writes modules that no
/// browser accepts.
const WASM_OPT: [&str; 12] = [
    "-Oz",
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-call-indirect-overlong",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
    // `cargo xtask size` needs the names of functions. They are stripped from the files for the browser.
    "--debuginfo",
    "--strip-dwarf",
    "--strip-producers",
];

/// A program of the site that is compiled to WASM.
pub(crate) struct App {
    /// The package, and the binary in it.
    package: &'static str,
    /// The stem of its file names.
    name: &'static str,
    script: Script,
}

/// The kind of JavaScript that an app gets.
enum Script {
    /// A module with one instance.
    Module,
    /// A module that exports a function. Each call makes a new instance, so that a working one can follow one that
    /// trapped. `npm/glue.d.ts` declares its parameters.
    Function,
}

pub(crate) static WIDGET: App = App {
    package: "pipit",
    name: "widget",
    script: Script::Function,
};

pub(crate) static DESK: App = App {
    package: "pipit-desk",
    name: "pipit-desk",
    script: Script::Module,
};

/// Compiles both apps, and installs wasm-bindgen at the same time if it is missing. Returns the directory of wasm-bindgen's
/// programs.
pub(crate) fn compile() -> Outcome<PathBuf> {
    tools::wasm_target()?;
    let target = compile_directory()?;
    thread::scope(|scope| {
        let bindgen = scope.spawn(tools::wasm_bindgen);
        let mut build = cargo("build --features pipit/split -Z build-std=std,panic_abort");
        build
            .args(["-Z", "build-std-features=optimize_for_size"])
            .args(["--target", WASM, "--profile", PROFILE])
            .arg("--target-dir")
            .arg(&target)
            // The flags are unstable. That is acceptable, because `rust-version` pins the one compiler that is used.
            .env("RUSTC_BOOTSTRAP", "1")
            .env("RUSTFLAGS", RUSTFLAGS);
        for app in [&WIDGET, &DESK] {
            build.args(["--package", app.package, "--bin", app.package]);
        }
        let built = process::run(&mut build);
        let bindgen = bindgen
            .join()
            .unwrap_or_else(|panicked| panic::resume_unwind(panicked));
        built.and(bindgen)
    })
}

/// The files of an app for the browser: the module, its parts and their script.
pub(crate) struct BuiltApp {
    directory: PathBuf,
    script: String,
}

impl BuiltApp {
    /// The JavaScript side. It loads the parts from its own directory.
    pub(crate) fn script(&self) -> PathBuf {
        self.directory.join("bound").join(&self.script)
    }

    /// The names of the module and of its parts.
    pub(crate) fn modules(&self) -> Outcome<Vec<String>> {
        let names = disk::names(&self.directory.join("bound"))?;
        Ok(names.into_iter().filter(|name| is_module(name)).collect())
    }

    /// The bytes of a module for the browser, without names.
    pub(crate) fn module(&self, name: &str) -> Outcome<Vec<u8>> {
        disk::read(&self.directory.join("bound").join(name))
    }

    /// The bytes of the same module with the names of its functions.
    pub(crate) fn named(&self, name: &str) -> Outcome<Vec<u8>> {
        disk::read(&self.directory.join("named").join(name))
    }

    /// Copies the modules and the script.
    pub(crate) fn copy(&self, to: &Path) -> Outcome {
        disk::copy_directory(&self.directory.join("bound"), to)
    }
}

impl App {
    /// Runs wasm-bindgen, wasm-split and wasm-opt on the compiled app, unless their result is up to date.
    pub(crate) fn bind(&self, bindgen: &Path, npm: &Path) -> Outcome<BuiltApp> {
        let profile = compile_directory()?.join(WASM).join(PROFILE);
        let compiled = profile.join(self.package).with_extension("wasm");
        let work = workspace::target()?.join("bindgen").join(self.package);
        let built = BuiltApp {
            directory: work.clone(),
            script: format!("{}.js", self.name),
        };
        let this_program = env::current_exe().unwrap_or_default();
        let lock = workspace::root().join("npm/package-lock.json");
        if is_fresh(&built.script(), &[&compiled, &lock, &this_program]) {
            return Ok(built);
        }
        empty(&work)?;
        let parts = split(self, &compiled, &work)?;
        let mut bind = Command::new(bindgen.join("wasm-bindgen"));
        bind.args(["--target", "web", "--no-typescript", "--keep-lld-exports"]);
        bind.args(["--out-name", self.name, "--out-dir"]).arg(&work);
        process::run(bind.arg(work.join("main.wasm")))?;
        let main = work.join(format!("{}_bg.wasm", self.name));
        let script = work.join(&built.script);
        shorten(&main, &script)?;
        for module in parts.iter().chain([&main]) {
            let name = module.file_name().unwrap_or_default();
            let named = work.join("named").join(name);
            let mut shrink = Command::new(npm.join("wasm-opt"));
            process::run(shrink.args(WASM_OPT).arg(module).arg("-o").arg(&named))?;
            let stripped = names::strip(&disk::read(&named)?)?;
            disk::write(&work.join("bound").join(name), &stripped)?;
        }
        if !parts.is_empty() {
            load_parts_by_name(&work.join("__wasm_split.js"))?;
        }
        match self.script {
            Script::Module => bundle_glue(npm, &script, &built.script(), &["--format=esm"])?,
            Script::Function => bundle_glue_function(npm, &script, &built.script())?,
        }
        Ok(built)
    }
}

/// The target directory of these builds. It is separate, because their flags would invalidate the tests' builds.
fn compile_directory() -> Outcome<PathBuf> {
    Ok(workspace::target()?.join("site-wasm"))
}

fn empty(directory: &Path) -> Outcome {
    disk::remove(directory)?;
    ["bound", "named"]
        .iter()
        .try_for_each(|name| disk::make(&directory.join(name)))
}

fn is_module(name: &str) -> bool {
    Path::new(name).extension().is_some_and(|end| end == "wasm")
}

/// Makes the script load its parts through `get`, a parameter of [`bundle_glue_function`]'s function, instead of from its own
/// directory: `npm/assets.ts` knows where the files are.
fn load_parts_by_name(script: &Path) -> Outcome {
    let original = disk::read_text(script)?;
    let fetched = original.replace("fetch(new URL(\"./", "get((\"");
    let redirected = fetched.replace("\", import.meta.url));", "\"));");
    if redirected == original || redirected.contains("fetch(") || redirected.contains("import.meta")
    {
        return Err(Failure::new(format!(
            "{} loads its parts in a new way, so the build cannot redirect it. This version of wasm-split differs from the one \
             that `load_parts_by_name` knows.",
            script.display()
        )));
    }
    disk::write(script, redirected)
}

/// Splits the module at the functions that the source marks as lazy. Writes `main.wasm` and returns the other parts.
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

fn shorten(module: &Path, script: &Path) -> Outcome {
    let (short, text) = names::shorten(&disk::read(module)?, &disk::read_text(script)?)?;
    disk::write(module, short)?;
    disk::write(script, text)
}

/// Bundles the JavaScript of all parts into one file.
fn bundle_glue(npm: &Path, from: &Path, to: &Path, format: &[&str]) -> Outcome {
    process::run(
        Command::new(npm.join("esbuild"))
            .arg(from)
            .args(["--bundle", "--minify", "--log-level=error"])
            .args(format)
            .arg(format!("--outfile={}", to.display())),
    )
}

/// Replaces `import.meta.url` while esbuild runs, because esbuild would replace it by an empty value inside a function.
const OWN_ADDRESS: &str = "PIPIT_OWN_ADDRESS";

/// The statement by which wasm-bindgen's script receives the module's exports.
const EXPORTS: &str = "wasm = instance.exports;";

/// Bundles the JavaScript as [`Script::Function`].
fn bundle_glue_function(npm: &Path, from: &Path, to: &Path) -> Outcome {
    let script = disk::read_text(from)?;
    if script.matches(EXPORTS).count() != 1 {
        return Err(Failure::new(format!(
            "{} does not contain `{EXPORTS}` exactly once. This version of wasm-bindgen differs from the one that the build \
             knows.",
            from.display()
        )));
    }
    let guarded = "wasm = guarded(instance.exports);";
    disk::write(from, script.replacen(EXPORTS, guarded, 1))?;
    let address = format!("--define:import.meta.url={OWN_ADDRESS}");
    bundle_glue(
        npm,
        from,
        to,
        &["--format=iife", "--global-name=glue", &address],
    )?;
    let bundled = disk::read_text(to)?.replace(OWN_ADDRESS, "import.meta.url");
    let function = [
        "export default(guarded,AbortController,get)=>{",
        &bundled,
        "return glue}\n",
    ];
    disk::write(to, function.concat())
}
