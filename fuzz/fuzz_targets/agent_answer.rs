//! Runs libFuzzer on `pipit_fuzz_targets::agent_answer`: the server's answers in the agent API.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| pipit_fuzz_targets::agent_answer(data));
