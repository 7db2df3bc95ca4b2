"""What people say beside records: comments, and questions that stay open until they are answered or closed."""
