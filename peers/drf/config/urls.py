from rest_framework.routers import SimpleRouter

from items.views import ItemViewSet

router = SimpleRouter()
router.trailing_slash = "/?"  # the clients of the other peers ask for /items/1, without one
router.register("items", ItemViewSet)
urlpatterns = router.urls
