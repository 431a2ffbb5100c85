from rest_framework.response import Response
from rest_framework.viewsets import ModelViewSet

from .models import Item
from .serializers import ItemSerializer

LIST_LIMIT = 100


class ItemViewSet(ModelViewSet):
    queryset = Item.objects.all()
    serializer_class = ItemSerializer
    lookup_value_regex = "[0-9]+"

    def list(self, request, *args, **kwargs):
        # DRF's paginators wrap the list in an object (and count all rows): the API promises a bare array.
        return Response(self.get_serializer(self.get_queryset()[:LIST_LIMIT], many=True).data)
