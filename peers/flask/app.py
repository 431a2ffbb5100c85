"""The items API with Flask and Flask-SQLAlchemy."""
import math
import os

from flask import Flask, abort, jsonify, request
from flask_sqlalchemy import SQLAlchemy
from werkzeug.exceptions import HTTPException

LIST_LIMIT = 100

app = Flask(__name__)
app.config["SQLALCHEMY_DATABASE_URI"] = os.environ["DATABASE_URL"]
app.config["SQLALCHEMY_ENGINE_OPTIONS"] = {
    "pool_size": 20, "max_overflow": 30, "pool_pre_ping": True, "pool_recycle": 3600, "pool_timeout": 60}
# An answer is made from the object after the commit: without this each write would read its row once more.
db = SQLAlchemy(app, session_options={"expire_on_commit": False})


class Item(db.Model):
    __tablename__ = "items"
    id = db.Column(db.Integer, primary_key=True)
    name = db.Column(db.String(100), nullable=False)
    description = db.Column(db.String(2000))
    price = db.Column(db.Float, nullable=False)
    in_stock = db.Column(db.Boolean, nullable=False, default=True)

    def to_dict(self):
        return {"id": self.id, "name": self.name, "description": self.description, "price": self.price,
                "in_stock": self.in_stock}


def is_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


RULES = {
    "name": (lambda value: isinstance(value, str) and 1 <= len(value) <= 100 and "\0" not in value,
             "must be a string of 1 to 100 characters"),
    "description": (lambda value: value is None or isinstance(value, str) and len(value) <= 2000 and "\0" not in value,
                    "must be null or a string of at most 2000 characters"),
    "price": (lambda value: is_number(value) and value >= 0, "must be a number that is not negative"),
    "in_stock": (lambda value: isinstance(value, bool), "must be true or false"),
}


def read_fields(required=()):
    body = request.get_json()
    if not isinstance(body, dict):
        abort(400, "The body must be an object")
    fields = {name: body[name] for name in RULES if name in body}
    errors = {name: RULES[name][1] for name, value in fields.items() if not RULES[name][0](value)}
    errors.update((name, "is required") for name in required if name not in fields)
    if errors:
        abort(400, errors)
    return fields


@app.errorhandler(HTTPException)
def as_json(error):
    return jsonify(error=error.description), error.code


def find(item_id):
    item = db.session.get(Item, item_id)
    if item is None:
        abort(404, "Item not found")
    return item


@app.post("/items/")
def create_item():
    item = Item(**read_fields(required=("name", "price")))
    db.session.add(item)
    db.session.commit()
    return jsonify(item.to_dict()), 201


@app.get("/items/")
def list_items():
    items = db.session.scalars(db.select(Item).order_by(Item.id).limit(LIST_LIMIT))
    return jsonify([item.to_dict() for item in items])


@app.get("/items/<int:item_id>")
def get_item(item_id):
    return jsonify(find(item_id).to_dict())


@app.put("/items/<int:item_id>")
def replace_item(item_id):
    fields = {"description": None, "in_stock": True, **read_fields(required=("name", "price"))}
    return save(item_id, fields)


@app.patch("/items/<int:item_id>")
def change_item(item_id):
    return save(item_id, read_fields())


def save(item_id, fields):
    item = find(item_id)
    for name, value in fields.items():
        setattr(item, name, value)
    db.session.commit()
    return jsonify(item.to_dict())


@app.delete("/items/<int:item_id>")
def delete_item(item_id):
    db.session.delete(find(item_id))
    db.session.commit()
    return "", 204
