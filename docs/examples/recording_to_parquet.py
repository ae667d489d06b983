#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Turns a table of `zenws export` into a Parquet file.

    zenws export feed.jsonl.zst --output feed
    python3 recording_to_parquet.py feed/trades.csv trades.parquet

Needs pyarrow, which Debian 12 has no package of:

    python3 -m venv ~/arrow && ~/arrow/bin/pip install pyarrow
    ~/arrow/bin/python recording_to_parquet.py feed/trades.csv trades.parquet

Times become timestamps (UTC, microseconds), counts become integers. Prices and
amounts become decimals with 18 digits behind the point, which are exact; with
--float they become floating-point numbers, which are faster to work with. The
table is read piece by piece: it need not fit into memory.
"""

import argparse
import sys

try:
    import pyarrow as pa
    import pyarrow.csv
    import pyarrow.parquet
except ImportError:
    sys.exit("pyarrow is not installed: python3 -m venv ~/arrow && "
             "~/arrow/bin/pip install pyarrow")

TIMES = {"received_at", "venue_time"}
COUNTS = {"epoch", "sequence", "trade", "book_sequence"}
NUMBERS = {"price", "amount", "bid_price", "bid_amount", "ask_price",
           "ask_amount", "last_price", "mark_price", "index_price",
           "funding_rate", "open_interest"}


def types_of(columns, number):
    """Returns the type of each column by its name."""
    result = {}
    for name in columns:
        if name in TIMES:
            result[name] = pa.timestamp("us", tz="UTC")
        elif name in COUNTS:
            result[name] = pa.uint64()
        elif name in NUMBERS:
            result[name] = number
        else:
            result[name] = pa.string()
    return result


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("table", help="a table that `zenws export` wrote as CSV")
    parser.add_argument("parquet", help="the file to write")
    parser.add_argument("--float", action="store_true",
                        help="prices as floating-point numbers")
    options = parser.parse_args()
    with open(options.table, encoding="utf-8", newline="") as table:
        columns = table.readline().rstrip("\r\n").split(",")
    number = pa.float64() if options.float else pa.decimal128(38, 18)
    reader = pa.csv.open_csv(
        options.table,
        read_options=pa.csv.ReadOptions(block_size=16 * 1024 * 1024),
        parse_options=pa.csv.ParseOptions(newlines_in_values=True),
        convert_options=pa.csv.ConvertOptions(
            column_types=types_of(columns, number),
            strings_can_be_null=False))
    rows = 0
    with pa.parquet.ParquetWriter(options.parquet, reader.schema,
                                  compression="zstd") as writer:
        for batch in reader:
            writer.write_batch(batch)
            rows += batch.num_rows
    print(f"{rows} rows")


if __name__ == "__main__":
    main()
