"""URL patterns of post-sales."""

from django.urls import path

from custode.web.postsales import overview, processes, tasks

urlpatterns = [
    path("post-sales/", overview.overview, name="tasks"),
    path("post-sales/asking/", processes.asking, name="post_sales_asking"),
    path("leads/<int:pk>/processes/", processes.start, name="process_new"),
    path("processes/<int:pk>/", processes.rename, name="process"),
    path("processes/<int:pk>/delete/", processes.delete, name="process_delete"),
    path("processes/<int:pk>/tasks/", tasks.new, name="task_new"),
    path("tasks/<int:pk>/", tasks.edit, name="task"),
    path("tasks/<int:pk>/state/", tasks.state, name="task_state"),
    path("tasks/<int:pk>/delete/", tasks.delete, name="task_delete"),
]
