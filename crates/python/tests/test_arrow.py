"""Tables in and out by Arrow's C interface, against pyarrow itself."""

import os
import tempfile
import unittest

import chronotope as ct
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

STREET = """record "corner"
source video "corner.mp4"
camera cam 640x360
coverage cam [0, 6) car
car 1 through cam gap 0.5
  0: box (10, 100, 60, 40)
  0.5: box (60, 100, 60, 40)
car 2 through cam gap 0.5
  0: box (200, 100, 60, 40)
car 3 through cam gap 0.5 until revision 2
  is 1 because "revised: merge" revision 2
  4: box (400, 100, 60, 40)
"""


def walk(n=1000):
    """Two cars and a person for `n` instants, in metres."""
    t = np.arange(n) / 10
    columns = {
        "track": np.repeat([1, 2, 3], n),
        "t_s": np.tile(t, 3),
        "x": np.concatenate([t, 2 * t, 0 * t + 5]),
        "y": np.concatenate([0 * t, 0 * t + 10, 0 * t + 3]),
    }
    return columns, {"labels": {1: "car", 2: "car", 3: "person"}, "tolerance_s": 0.2, "name": "walk"}


def world(n=1000):
    columns, said = walk(n)
    return ct.World.from_samples(columns, **said)


class Out(unittest.TestCase):
    def test_samples_are_the_arrays_memory_itself(self):
        one = world()
        table = pa.table(one.table("samples"))
        self.assertEqual(table.num_rows, 3000)
        self.assertEqual(table.schema.field("t_ns").type, pa.int64())
        x, same = table["x_m"].chunk(0), one.samples()["x"]
        np.testing.assert_array_equal(x.to_numpy(zero_copy_only=True), same)
        # the two views lie at one address: neither is a copy
        self.assertEqual(x.buffers()[1].address, same.__array_interface__["data"][0])
        again = pa.table(one.table("samples"))["x_m"].chunk(0)
        self.assertEqual(x.buffers()[1].address, again.buffers()[1].address)

    def test_memory_outlives_the_world(self):
        import gc

        table, x = pa.table(world()), world().samples()["x"]
        gc.collect()
        self.assertEqual(pc.max(table["x_m"]).as_py(), 2 * 99.9)
        self.assertEqual(x.max(), 2 * 99.9)
        with self.assertRaises(ValueError):
            x[0] = 1  # what is not known cannot be written into a World

    def test_a_world_is_a_table_of_samples_and_none_is_null(self):
        corner = ct.World.parse(STREET)
        table = pa.table(corner)
        self.assertEqual(table.column_names, corner.table("samples").columns)
        self.assertEqual(table["left_px"].to_pylist(), [10.0, 60.0, 200.0, 400.0])
        self.assertNotIn("x_m", table.column_names)
        labels = pa.table(corner.table("labels"))
        self.assertEqual(set(labels["text"].to_pylist()), {"car"})
        self.assertEqual(labels["end_ns"].null_count, len(labels))
        self.assertEqual(pa.schema(corner.table("labels")), labels.schema)
        self.assertEqual(len(corner.table("labels")), len(labels))
        with self.assertRaisesRegex(ct.Error, "found `nothing`"):
            corner.table("nothing")

    def test_an_array_of_records_and_a_reader_are_taken_too(self):
        corner = ct.World.parse(STREET)
        batch = pa.record_batch(corner.table("tracks"))
        self.assertEqual(batch.num_rows, 3)
        with pa.RecordBatchReader.from_stream(corner.table("samples")) as reader:
            self.assertEqual(sum(len(batch) for batch in reader), 4)

    def test_a_view_shows_what_was_known(self):
        corner = ct.World.parse(STREET)
        entities = lambda view: sorted(pa.table(view.table("identities"))["entity"].to_pylist())
        self.assertNotEqual(entities(corner), entities(corner.seen(as_of=1)))
        early = world().seen(asked_at=1.0)
        self.assertEqual(len(pa.table(early)), 33)
        self.assertEqual(len(early.table("samples")), 33)

    def test_a_bundle_gives_its_tables(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "walk.world")
            world().save(path)
            stored = ct.open(path)
            self.assertTrue(pa.table(stored).equals(pa.table(world()).set_column(
                pa.table(world()).column_names.index("revision"), "revision", pa.table(stored)["revision"])))
            import pyarrow.parquet as pq

            parts = [p for p in os.listdir(os.path.join(path, "parts")) if p.startswith("samples")]
            schema = pq.read_schema(os.path.join(path, "parts", parts[0]))
            # the names and types on disk, where a column without a value is left out
            table = pa.table(stored)
            for field in table.schema:
                if table[field.name].null_count < len(table):
                    self.assertEqual(schema.field(field.name).type, field.type, field.name)


class In(unittest.TestCase):
    def test_a_world_is_the_same_after_its_tables(self):
        for one in (ct.World.parse(STREET), world()):
            tables = {name: pa.table(table) for name, table in one.tables.items()}
            again = ct.World.from_tables(tables)
            self.assertEqual(again.text(), one.text())
            self.assertEqual(again.name, one.name)
            question = "How many cars are there?"
            self.assertEqual(again.ask(question).value, one.ask(question).value)
            # without pyarrow between them
            self.assertEqual(ct.World.from_tables(one.tables).text(), one.text())

    def test_batches_widths_dictionaries_and_any_order_are_taken(self):
        one = world(50)
        tables = {name: pa.table(table) for name, table in one.tables.items()}
        samples = tables["samples"].sort_by([("t_ns", "descending")])
        samples = samples.set_column(
            samples.column_names.index("track"), "track", samples["track"].cast(pa.int32())
        )
        samples = samples.set_column(
            samples.column_names.index("origin"), "origin", samples["origin"].dictionary_encode()
        )
        tables["samples"] = samples
        self.assertEqual(ct.World.from_tables(tables).text(), one.text())
        tables["samples"] = pa.Table.from_batches(samples.to_batches(max_chunksize=7))
        parted = ct.World.from_tables(tables)
        self.assertEqual(parted.ask("How many cars are there?").value, 2)
        self.assertEqual(len(pa.table(parted)), 150)
        self.assertEqual(pa.table(parted)["t_ns"].num_chunks, 22)
        self.assertEqual(pa.record_batch(parted.table("samples")).num_rows, 150)

    def test_samples_come_from_a_table_a_batch_or_a_reader(self):
        columns, said = walk(20)
        text = ct.World.from_samples(columns, **said).text()
        table = pa.table(columns)
        self.assertEqual(ct.World.from_samples(table, **said).text(), text)
        self.assertEqual(ct.World.from_samples(table.to_reader(max_chunksize=7), **said).text(), text)
        [batch] = table.to_batches()
        self.assertEqual(ct.World.from_samples(batch, **said).text(), text)
        with self.assertRaisesRegex(ct.Error, "expected a column `t_s`"):
            ct.World.from_samples(table.drop_columns(["t_s"]), **said)
        holes = table.set_column(0, "track", pa.array([None] + [1] * 59))
        with self.assertRaisesRegex(ct.Error, "column track"):
            ct.World.from_samples(holes, **said)

    def test_tables_that_are_none_are_told_with_their_place(self):
        tables = {name: pa.table(table) for name, table in ct.World.parse(STREET).tables.items()}

        def refused(what, **changed):
            with self.assertRaisesRegex(ct.Error, what):
                ct.World.from_tables({**tables, **changed})

        refused("nothing", nothing=tables["tracks"])
        refused("labels", labels=[1, 2])
        track = tables["samples"].column_names.index("track")
        refused("samples", samples=tables["samples"].set_column(track, "track", pa.array([0, 0, 1, 77])))
        refused("row 1.*-5", samples=tables["samples"].set_column(track, "track", pa.array([0, -5, 1, 2])))
        refused("column left_px", samples=tables["samples"].set_column(
            tables["samples"].column_names.index("left_px"), "left_px", pa.array(["a", "b", "c", "d"])))
        refused("`colour`", labels=tables["labels"].append_column("colour", pa.array(["red"] * len(tables["labels"]))))


if __name__ == "__main__":
    unittest.main()
