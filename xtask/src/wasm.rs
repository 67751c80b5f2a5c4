//! What is compiled to WASM: the widget, in parts that are loaded when they are used, and the desk.

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

/// The standard library is compiled with the rest: a panic is a trap, without the code that would tell about
/// it, which is a tenth of the whole. `--emit-relocs` leaves what the parts are told by.
const RUSTFLAGS: &str = "-Zunstable-options -Cpanic=immediate-abort -Zfmt-debug=none \
     -Zlocation-detail=none -Clink-args=--emit-relocs";

/// What Rust's WASM target uses, named one by one: with `--all-features`, wasm-opt writes modules
/// that no browser reads.
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
    // The functions' names, for `cargo xtask size`; what the browser loads is without them.
    "--debuginfo",
    "--strip-dwarf",
    "--strip-producers",
];

/// A program of the site that is compiled to WASM.
pub(crate) struct App {
    /// The package, and the binary in it.
    package: &'static str,
    /// What its files are called.
    name: &'static str,
    script: Script,
}

/// What an app's JavaScript is.
enum Script {
    /// A module of one instance.
    Module,
    /// A module that gives a function, and each call of it makes an instance of its own: one that broke can be
    /// followed by another. What it takes, `npm/glue.d.ts` says.
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

/// Compiles the apps. Returns the directory of wasm-bindgen's programs: when they are missing, they
/// are installed meanwhile.
pub(crate) fn compile() -> Outcome<PathBuf> {
    tools::wasm_target()?;
    let target = compiled_to()?;
    thread::scope(|scope| {
        let bindgen = scope.spawn(tools::wasm_bindgen);
        let mut build = cargo("build --features pipit/split -Z build-std=std,panic_abort");
        build
            .args(["-Z", "build-std-features=optimize_for_size"])
            .args(["--target", WASM, "--profile", PROFILE])
            .arg("--target-dir")
            .arg(&target)
            // The flags are not stable, but those of the one compiler that `rust-version` names are known.
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

/// What the browser loads of an app: the module, its parts and their script.
pub(crate) struct Bound {
    directory: PathBuf,
    script: String,
}

impl Bound {
    /// The JavaScript side. It finds the parts beside itself.
    pub(crate) fn script(&self) -> PathBuf {
        self.directory.join("bound").join(&self.script)
    }

    /// The names of the module and of its parts.
    pub(crate) fn modules(&self) -> Outcome<Vec<String>> {
        let names = disk::names(&self.directory.join("bound"))?;
        Ok(names.into_iter().filter(|name| is_module(name)).collect())
    }

    /// A module as the browser loads it.
    pub(crate) fn module(&self, name: &str) -> Outcome<Vec<u8>> {
        disk::read(&self.directory.join("bound").join(name))
    }

    /// The same module with the names of its functions.
    pub(crate) fn named(&self, name: &str) -> Outcome<Vec<u8>> {
        disk::read(&self.directory.join("named").join(name))
    }

    /// Copies the modules and the script.
    pub(crate) fn copy(&self, to: &Path) -> Outcome {
        disk::copy_directory(&self.directory.join("bound"), to)
    }
}

impl App {
    /// Makes what the browser loads, each file made smaller.
    pub(crate) fn bind(&self, bindgen: &Path, npm: &Path) -> Outcome<Bound> {
        let compiled = compiled_to()?.join(WASM).join(PROFILE).join(self.package);
        let compiled = compiled.with_extension("wasm");
        let work = workspace::target()?.join("bindgen").join(self.package);
        let bound = Bound {
            directory: work.clone(),
            script: format!("{}.js", self.name),
        };
        let this_program = env::current_exe().unwrap_or_default();
        let lock = workspace::root().join("npm/package-lock.json");
        if is_fresh(&bound.script(), &[&compiled, &lock, &this_program]) {
            return Ok(bound);
        }
        remake(&work)?;
        let parts = split(self, &compiled, &work)?;
        let mut bind = Command::new(bindgen.join("wasm-bindgen"));
        bind.args(["--target", "web", "--no-typescript", "--keep-lld-exports"]);
        bind.args(["--out-name", self.name, "--out-dir"]).arg(&work);
        process::run(bind.arg(work.join("main.wasm")))?;
        let main = work.join(format!("{}_bg.wasm", self.name));
        let script = work.join(&bound.script);
        shorten(&main, &script)?;
        for module in parts.iter().chain([&main]) {
            let name = module.file_name().unwrap_or_default();
            let named = work.join("named").join(name);
            let mut shrink = Command::new(npm.join("wasm-opt"));
            process::run(shrink.args(WASM_OPT).arg(module).arg("-o").arg(&named))?;
            let bare = names::strip(&disk::read(&named)?)?;
            disk::write(&work.join("bound").join(name), &bare)?;
        }
        if !parts.is_empty() {
            ask_for_parts(&work.join("__wasm_split.js"))?;
        }
        match self.script {
            Script::Module => glue(npm, &script, &bound.script(), &["--format=esm"])?,
            Script::Function => glue_function(npm, &script, &bound.script())?,
        }
        Ok(bound)
    }
}

/// A directory of its own: these flags give other files than the tests' builds do.
fn compiled_to() -> Outcome<PathBuf> {
    Ok(workspace::target()?.join("site-wasm"))
}

fn remake(directory: &Path) -> Outcome {
    disk::remove(directory)?;
    ["bound", "named"]
        .iter()
        .try_for_each(|name| disk::make(&directory.join(name)))
}

fn is_module(name: &str) -> bool {
    Path::new(name).extension().is_some_and(|end| end == "wasm")
}

/// The parts come from where `npm/files.ts` says, as all files do, and not from beside the script: `get` is what
/// [`glue_function`] takes.
fn ask_for_parts(script: &Path) -> Outcome {
    let own = disk::read_text(script)?;
    let asked = own.replace("fetch(new URL(\"./", "get((\"");
    let asked = asked.replace("\", import.meta.url));", "\"));");
    if asked == own || asked.contains("fetch(") || asked.contains("import.meta") {
        return Err(Failure::new(format!(
            "{} does not load its parts as it did, so they cannot be told where they are.",
            script.display()
        )));
    }
    disk::write(script, asked)
}

/// Takes the module apart where the source says `part!`. Returns the parts beside `main.wasm`.
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

/// One file for the JavaScript of all parts.
fn glue(npm: &Path, from: &Path, to: &Path, format: &[&str]) -> Outcome {
    process::run(
        Command::new(npm.join("esbuild"))
            .arg(from)
            .args(["--bundle", "--minify", "--log-level=error"])
            .args(format)
            .arg(format!("--outfile={}", to.display())),
    )
}

/// What stands for the script's own address while esbuild works: it would put an empty one into a function.
const OWN_ADDRESS: &str = "PIPIT_OWN_ADDRESS";

/// Where wasm-bindgen's script learns what the module gives.
const EXPORTS: &str = "wasm = instance.exports;";

/// The same as [`Script::Function`].
fn glue_function(npm: &Path, from: &Path, to: &Path) -> Outcome {
    let bound = disk::read_text(from)?;
    if bound.matches(EXPORTS).count() != 1 {
        return Err(Failure::new(format!(
            "{} does not say `{EXPORTS}` once: this wasm-bindgen is another.",
            from.display()
        )));
    }
    let guarded = "wasm = guarded(instance.exports);";
    disk::write(from, bound.replacen(EXPORTS, guarded, 1))?;
    let address = format!("--define:import.meta.url={OWN_ADDRESS}");
    glue(
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
