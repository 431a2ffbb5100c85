#!/usr/bin/env python3
"""What a client of the items API may rely on, whoever serves it.

tests/contract/contract_test.py [troupe|fastapi|flask|drf|fastify …]    without names: all

A peer that is not installed is skipped, by name (exit 77 when only it was asked for); Troupe never is. Installs nothing.
$TROUPE_BINARY is the binary to test, build/release/troupe otherwise.
"""
import concurrent.futures
import http.client
import json
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "peers"))
import servers  # noqa: E402

SKIPPED = 77  # as CTest is told
LAMP = {"name": "Lamp", "description": "gives light", "price": 12.5, "in_stock": False}
NOBODY = "/items/2147483647"

INVALID = {
    "no name": {"price": 1},
    "no price": {"name": "Lamp"},
    "an empty name": {**LAMP, "name": ""},
    "a name of 101 characters": {**LAMP, "name": "n" * 101},
    "a name that is null": {**LAMP, "name": None},
    "a description of 2,001 characters": {**LAMP, "description": "d" * 2001},
    "a negative price": {**LAMP, "price": -0.01},
    "a price that is no number": {**LAMP, "price": "cheap"},
    "a price that is null": {**LAMP, "price": None},
    "a stock that is no boolean": {**LAMP, "in_stock": "perhaps"},
    "an array of no objects": ["Lamp"],
    "a number": 12,
    "malformed JSON": b'{"name": "Lamp", "price": ',
    "nothing": b"",
}


class Contract(unittest.TestCase):
    app = None
    port = None

    @classmethod
    def setUpClass(cls):
        directory = servers.work_directory()
        path = directory.__enter__()
        cls.addClassCleanup(directory.__exit__, None, None, None)
        clusters = servers.clusters(path / "postgres", 1)
        (cluster,) = clusters.__enter__()
        cls.addClassCleanup(clusters.__exit__, None, None, None)
        cls.port = servers.free_port()
        process = cls.app.start(cls.port, cluster.url, path / "app.log")
        cls.addClassCleanup(servers.stop, process)

    def setUp(self):
        self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        self.addCleanup(self.connection.close)

    def ask(self, method, path, body=None, connection=None):
        """Status, headers and what the body holds."""
        connection = connection or self.connection
        headers = {}
        if body is not None:
            body = body if isinstance(body, bytes) else json.dumps(body).encode()
            headers["Content-Type"] = "application/json"
        connection.request(method, path, body, headers)
        response = connection.getresponse()
        text = response.read()
        is_json = response.headers.get_content_type().endswith("json")
        return response.status, response.headers, json.loads(text) if is_json and text else text

    def create(self, **fields):
        status, _, item = self.ask("POST", "/items/", {**LAMP, **fields})
        self.assertEqual(status, 201, item)
        return item

    def stored(self, item):
        status, _, stored = self.ask("GET", f"/items/{item['id']}")
        self.assertEqual(status, 200, stored)
        return stored

    def test_a_created_item_is_answered_with_201_and_its_id(self):
        status, headers, item = self.ask("POST", "/items/", LAMP)
        self.assertEqual(status, 201)
        self.assertEqual(headers.get_content_type(), "application/json")
        self.assertIsInstance(item["id"], int)
        self.assertEqual(item, {"id": item["id"], **LAMP})

    def test_a_created_item_can_be_read(self):
        item = self.create()
        self.assertEqual(self.stored(item), item)

    def test_without_description_and_stock_an_item_has_none_and_is_in_stock(self):
        status, _, item = self.ask("POST", "/items/", {"name": "Lamp", "price": 1})
        self.assertEqual(status, 201)
        self.assertEqual((item["description"], item["in_stock"]), (None, True))

    def test_the_largest_and_smallest_allowed_values_are_kept(self):
        for fields in ({"name": "n" * 100}, {"name": "n"}, {"description": "d" * 2000}, {"description": None}, {"price": 0},
                       {"price": 1e12}, {"name": "Lämpchen 灯 💡"}):
            with self.subTest(fields=str(fields)[:40]):
                item = self.create(**fields)
                self.assertEqual(self.stored(item), {"id": item["id"], **LAMP, **fields})

    def test_an_id_and_unknown_fields_in_a_body_are_ignored(self):
        item = self.create(id=2147483646, colour="red")
        self.assertNotEqual(item["id"], 2147483646)
        self.assertEqual(self.stored(item), {"id": item["id"], **LAMP})

    def test_an_invalid_item_is_refused_and_nothing_is_stored(self):
        item = self.create()
        for case, body in INVALID.items():
            for method, path in (("POST", "/items/"), ("PUT", f"/items/{item['id']}")):
                with self.subTest(case, method=method):
                    status, _, answer = self.ask(method, path, json.dumps(body).encode() if not isinstance(body, bytes) else body)
                    self.assertIn(status, (400, 422), answer)
        self.assertEqual(self.stored(item), item)

    def test_an_invalid_field_of_a_change_is_refused(self):
        item = self.create()
        for fields in ({"price": -1}, {"name": ""}, {"in_stock": "perhaps"}):
            with self.subTest(fields=fields):
                self.assertIn(self.ask("PATCH", f"/items/{item['id']}", fields)[0], (400, 422))
        self.assertEqual(self.stored(item), item)

    def test_the_list_is_an_array_of_at_most_100_items(self):
        items = [self.create(name=f"item {number}") for number in range(105)]
        status, headers, listed = self.ask("GET", "/items/")
        self.assertEqual(status, 200)
        self.assertEqual(headers.get_content_type(), "application/json")
        self.assertEqual(len(listed), 100)
        known = {item["id"]: item for item in items}
        for item in listed:
            self.assertEqual(set(item), {"id", *LAMP})
            self.assertEqual(item, known.get(item["id"], item))

    def test_put_replaces_an_item(self):
        item = self.create()
        new = {"name": "Torch", "description": None, "price": 3, "in_stock": True}
        status, _, answer = self.ask("PUT", f"/items/{item['id']}", new)
        self.assertEqual((status, answer), (200, {"id": item["id"], **new}))
        self.assertEqual(self.stored(item), answer)

    def test_patch_changes_the_given_fields_only(self):
        item = self.create()
        for fields in ({"price": 99.25}, {"description": None, "in_stock": True}, {}):
            item.update(fields)
            status, _, answer = self.ask("PATCH", f"/items/{item['id']}", fields)
            self.assertEqual((status, answer), (200, item))
        self.assertEqual(self.stored(item), item)

    def test_delete_is_answered_with_204_and_the_item_is_gone(self):
        item = self.create()
        path = f"/items/{item['id']}"
        status, _, answer = self.ask("DELETE", path)
        self.assertEqual((status, answer), (204, b""))
        for method, body in (("GET", None), ("PUT", LAMP), ("PATCH", {"price": 1}), ("DELETE", None)):
            with self.subTest(method):
                self.assertEqual(self.ask(method, path, body)[0], 404)

    def test_an_item_that_never_was_is_answered_with_404(self):
        for method, body in (("GET", None), ("PUT", LAMP), ("PATCH", {"price": 1}), ("DELETE", None)):
            with self.subTest(method):
                self.assertEqual(self.ask(method, NOBODY, body)[0], 404)

    def test_an_id_that_is_no_number_is_refused(self):
        self.assertIn(self.ask("GET", "/items/lamp")[0], (400, 404, 422))

    def test_concurrent_creates_are_each_answered_with_their_own_item(self):
        def create(number):
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
            try:
                return self.ask("POST", "/items/", {**LAMP, "name": f"item {number}"}, connection)
            finally:
                connection.close()

        with concurrent.futures.ThreadPoolExecutor(16) as pool:
            answers = list(pool.map(create, range(64)))
        self.assertEqual([(status, item["name"]) for status, _, item in answers], [(201, f"item {number}") for number in range(64)])
        self.assertEqual(len({item["id"] for _, _, item in answers}), 64)

    def test_many_requests_go_over_one_connection(self):
        item = self.create()
        socket = self.connection.sock
        for _ in range(50):
            self.stored(item)
        self.assertIs(self.connection.sock, socket)


def main():
    apps = {app.name: app for app in servers.APPS}
    names = sys.argv[1:] or list(apps)
    for name in names:
        if name not in apps:
            sys.exit(f"contract: no app '{name}'; there are {', '.join(apps)}")
    suite = unittest.TestSuite()
    skipped = []
    for name in names:
        reason = apps[name].check()[1]
        if reason and name == "troupe":
            sys.exit(f"contract: {reason}")
        if reason:
            print(f"contract: {name} is SKIPPED: {reason}")
            skipped.append(name)
            continue
        suite.addTests(unittest.defaultTestLoader.loadTestsFromTestCase(type(name, (Contract,), {"app": apps[name]})))
    if skipped == names:
        sys.exit(SKIPPED)
    sys.exit(not unittest.TextTestRunner(verbosity=2).run(suite).wasSuccessful())


if __name__ == "__main__":
    main()
