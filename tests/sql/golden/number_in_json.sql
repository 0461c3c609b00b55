SELECT
  c.id
FROM customers AS c
WHERE
  CASE
    WHEN (
      c.extra ->> 'score'
    ) ~ '^\s*[-+]?([0-9]{1,30}(\.[0-9]{0,30})?|\.[0-9]{1,30})\s*$'
    THEN CAST((
      c.extra ->> 'score'
    ) AS DECIMAL)
  END >= 3
