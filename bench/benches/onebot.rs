//! What needs no socket, beside the same by hand. `cargo bench -p mynah-bench`
#![allow(clippy::unwrap_used)]

use divan::Bencher;
use mynah_bench::core::{self, Case};
use mynah_bench::floor::wire::Segment;
use mynah_bench::sample;

fn main() {
    divan::main();
}

/// A group with the floor and Mynah side by side.
macro_rules! side_by_side {
    ($($name:ident = $case:expr;)*) => {$(
        mod $name {
            use super::*;

            fn case() -> Case {
                $case
            }

            #[divan::bench]
            fn floor(bencher: Bencher<'_, '_>) {
                bencher.bench_local(case().floor);
            }

            #[divan::bench]
            fn mynah(bencher: Bencher<'_, '_>) {
                bencher.bench_local(case().mynah);
            }
        }
    )*};
}

side_by_side! {
    post = core::post::<String>("post", sample::TEXT).unwrap();
    post_array = core::post::<Vec<Segment>>("post.array", sample::SEGMENTS).unwrap();
    send_group_msg = core::send_group_msg().unwrap();
    member_list = core::member_list();
    cq_parse = core::cq_parse();
    cq_write = core::cq_write();
    compile_message = core::compile_message();
}
