"""The items API with FastAPI and SQLAlchemy."""
import os
from typing import List, Optional

from fastapi import Depends, FastAPI, HTTPException, Response
from pydantic import BaseModel, Field
from sqlalchemy import Boolean, Column, Float, Integer, String, create_engine, select
from sqlalchemy.orm import Session, declarative_base, sessionmaker

LIST_LIMIT = 100

engine = create_engine(os.environ["DATABASE_URL"], pool_size=int(os.environ.get("POOL_SIZE", "20")),
                       max_overflow=int(os.environ.get("MAX_OVERFLOW", "30")), pool_pre_ping=True, pool_recycle=3600, pool_timeout=60)
# An answer is made from the object after the commit: without this each write would read its row once more.
SessionLocal = sessionmaker(engine, expire_on_commit=False)
Base = declarative_base()


class Item(Base):
    __tablename__ = "items"
    id = Column(Integer, primary_key=True)
    name = Column(String(100), nullable=False)
    description = Column(String(2000))
    price = Column(Float, nullable=False)
    in_stock = Column(Boolean, nullable=False, default=True)


class ItemIn(BaseModel):
    name: str = Field(min_length=1, max_length=100)
    description: Optional[str] = Field(None, max_length=2000)
    price: float = Field(ge=0)
    in_stock: bool = True


class ItemPatch(BaseModel):
    name: str = Field(None, min_length=1, max_length=100)
    description: Optional[str] = Field(None, max_length=2000)
    price: float = Field(None, ge=0)
    in_stock: bool = None


class ItemOut(ItemIn):
    id: int

    class Config:
        orm_mode = True


app = FastAPI(title="items")


def get_session():
    with SessionLocal() as session:
        yield session


def find(session: Session, item_id: int) -> Item:
    item = session.get(Item, item_id)
    if item is None:
        raise HTTPException(404, "Item not found")
    return item


@app.post("/items/", response_model=ItemOut, status_code=201)
def create_item(body: ItemIn, session: Session = Depends(get_session)):
    item = Item(**body.dict())
    session.add(item)
    session.commit()
    return item


@app.get("/items/", response_model=List[ItemOut])
def list_items(session: Session = Depends(get_session)):
    return session.scalars(select(Item).order_by(Item.id).limit(LIST_LIMIT)).all()


@app.get("/items/{item_id}", response_model=ItemOut)
def get_item(item_id: int, session: Session = Depends(get_session)):
    return find(session, item_id)


@app.put("/items/{item_id}", response_model=ItemOut)
def replace_item(item_id: int, body: ItemIn, session: Session = Depends(get_session)):
    item = find(session, item_id)
    for field, value in body.dict().items():
        setattr(item, field, value)
    session.commit()
    return item


@app.patch("/items/{item_id}", response_model=ItemOut)
def change_item(item_id: int, body: ItemPatch, session: Session = Depends(get_session)):
    item = find(session, item_id)
    for field, value in body.dict(exclude_unset=True).items():
        setattr(item, field, value)
    session.commit()
    return item


@app.delete("/items/{item_id}", status_code=204, response_class=Response)
def delete_item(item_id: int, session: Session = Depends(get_session)):
    session.delete(find(session, item_id))
    session.commit()
