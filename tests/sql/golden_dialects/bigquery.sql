-- text_is
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  LOWER(`c`.`name`) = LOWER('ANA');

-- text_is_any_of
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  LOWER(`c`.`name`) IN UNNEST(ARRAY<STRING>['ana', 'Ana', 'o\'brien', 'O\'BRIEN']);

-- text_is_not
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  (
    LOWER(`c`.`name`) = LOWER('ana')
  ) IS NOT TRUE;

-- text_contains_percent
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  LOWER(`c`.`name`) LIKE LOWER('%50\\%%');

-- text_contains_underscore
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  LOWER(`c`.`name`) LIKE LOWER('%a\\_b%');

-- text_contains_backslash
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  LOWER(`c`.`name`) LIKE LOWER('%\\\\%');

-- text_starts_with
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  LOWER(`c`.`city`) LIKE LOWER('são%') OR LOWER(`c`.`city`) LIKE LOWER('AUS%');

-- text_ends_with
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  LOWER(`c`.`city`) LIKE LOWER('%IS');

-- text_matches
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  LOWER(`c`.`name`) LIKE LOWER('a_b%');

-- text_is_set
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  `c`.`name` <> '';

-- text_is_not_set
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  (
    `c`.`name` <> ''
  ) IS NOT TRUE;

-- choice_is
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  `c`.`state` = 'CA';

-- choice_is_any_of
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  `c`.`state` IN UNNEST(ARRAY<STRING>['CA', 'TX']);

-- choice_is_none_of
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  (
    `c`.`state` IN UNNEST(ARRAY<STRING>['CA', 'TX'])
  ) IS NOT TRUE;

-- choice_contains
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  LOWER(`c`.`state`) LIKE LOWER('%a%');

-- choice_starts_with
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  LOWER(`c`.`state`) LIKE LOWER('c%');

-- choice_ends_with
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  LOWER(`c`.`state`) LIKE LOWER('%a');

-- choice_matches
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  LOWER(`c`.`state`) LIKE LOWER('_a');

-- choice_is_set
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  `c`.`state` <> '';

-- choice_of_integers
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  `c`.`children` IN UNNEST(ARRAY<INT64>[0, 5]);

-- choice_of_uuids
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  `c`.`token` = CAST('00000000-0000-0000-0000-000000000001' AS STRING);

-- choice_in_json
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  JSON_VALUE(`c`.`extra`, '$.billing.plan') = 'pro';

-- email_is
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  LOWER(`c`.`email`) = LOWER('BOB@gmail.com');

-- email_contains
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  LOWER(`c`.`email`) LIKE LOWER('%@g%');

-- email_starts_with
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  LOWER(`c`.`email`) LIKE LOWER('a%');

-- email_ends_with
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  LOWER(`c`.`email`) LIKE LOWER('%.example');

-- email_matches
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  LOWER(`c`.`email`) LIKE LOWER('%@%.%');

-- email_domain
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  LOWER(`c`.`email`) LIKE LOWER('%@gmail.com');

-- email_domain_without_ending
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  LOWER(`c`.`email`) LIKE LOWER('%@gmail.%');

-- email_is_set
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  `c`.`email` <> '';

-- phone_is
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  LOWER(`c`.`phone`) = LOWER('12');

-- phone_contains
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  LOWER(`c`.`phone`) LIKE LOWER('%555%');

-- phone_starts_with
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  LOWER(`c`.`phone`) LIKE LOWER('+1%');

-- phone_ends_with
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  LOWER(`c`.`phone`) LIKE LOWER('%0100');

-- phone_matches
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  LOWER(`c`.`phone`) LIKE LOWER('(___)%');

-- phone_country_code
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  LOWER(`c`.`phone`) LIKE LOWER('+44%') OR LOWER(`c`.`phone`) LIKE LOWER('0044%');

-- phone_is_not_set
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  (
    `c`.`phone` <> ''
  ) IS NOT TRUE;

-- number_is
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  `c`.`children` = 2;

-- number_is_any_of
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  `c`.`children` IN UNNEST(ARRAY<INT64>[0, 5]);

-- number_over
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  `c`.`children` > 1;

-- number_at_least_a_fraction
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  `c`.`children` >= 1.5;

-- number_under
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  `c`.`children` < 1;

-- number_at_most
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  `c`.`children` <= 1;

-- number_between
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  `c`.`children` BETWEEN 1 AND 2;

-- number_not_between
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  (
    `c`.`children` BETWEEN 1 AND 2
  ) IS NOT TRUE;

-- number_is_set
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  NOT `c`.`children` IS NULL;

-- number_in_json
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  CASE
    WHEN REGEXP_CONTAINS(
      TRIM(JSON_VALUE(`c`.`extra`, '$.score')),
      '^\\s*[-+]?([0-9]{1,30}(\\.[0-9]{0,30})?|\\.[0-9]{1,30})\\s*$'
    )
    THEN SAFE_CAST(TRIM(JSON_VALUE(`c`.`extra`, '$.score')) AS NUMERIC)
  END >= 3;

-- money_is
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  `c`.`income` = 0.1;

-- money_over
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  `c`.`income` > 100000;

-- money_at_least
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  `c`.`income` >= 100000;

-- money_under
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  `c`.`income` < 0.1;

-- money_at_most
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  `c`.`income` <= 0.1;

-- money_between
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  `c`.`income` BETWEEN 0 AND 100000;

-- money_is_set
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  NOT `c`.`income` IS NULL;

-- age_is
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  `c`.`born` <= CAST('1997-03-10' AS DATE)
  AND `c`.`born` > CAST('1995-03-10' AS DATE);

-- age_over
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  `c`.`born` <= CAST('1995-03-10' AS DATE);

-- age_at_least
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  `c`.`born` <= CAST('1996-03-10' AS DATE);

-- age_under
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  `c`.`born` <= CAST('2026-03-10' AS DATE)
  AND `c`.`born` > CAST('1996-03-10' AS DATE);

-- age_at_most
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  `c`.`born` <= CAST('2026-03-10' AS DATE)
  AND `c`.`born` > CAST('1995-03-10' AS DATE);

-- age_between
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  `c`.`born` <= CAST('2001-03-10' AS DATE)
  AND `c`.`born` > CAST('1985-03-10' AS DATE);

-- age_is_set
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  NOT `c`.`born` IS NULL;

-- flag_is_true
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  `c`.`email_consent` IS TRUE;

-- flag_is_false
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  `c`.`email_consent` IS FALSE;

-- flag_is_not_true
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  `c`.`email_consent` IS NOT TRUE;

-- flag_is_set
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  NOT `c`.`email_consent` IS NULL;

-- flag_from_a_date
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  NOT `c`.`blocked_at` IS NULL;

-- flag_from_a_text
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  LOWER(`c`.`vip`) IN UNNEST(ARRAY<STRING>['true', 't', 'yes', 'y', 'on', '1']);

-- flag_in_json
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  LOWER(JSON_VALUE(`c`.`extra`, '$.beta')) IN UNNEST(ARRAY<STRING>['false', 'f', 'no', 'n', 'off', '0']);

-- date_within
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  `c`.`born` >= CAST('1996-01-01' AS DATE)
  AND `c`.`born` < CAST('1997-01-01' AS DATE);

-- date_before
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  `c`.`born` < CAST('1996-03-01' AS DATE);

-- date_birthday_this_month
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  EXTRACT(MONTH FROM `c`.`born`) * 100 + EXTRACT(DAY FROM `c`.`born`) BETWEEN 301 AND 331;

-- date_birthday_across_new_year
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  EXTRACT(MONTH FROM `c`.`born`) * 100 + EXTRACT(DAY FROM `c`.`born`) BETWEEN 1230 AND 1231
  OR EXTRACT(MONTH FROM `c`.`born`) * 100 + EXTRACT(DAY FROM `c`.`born`) BETWEEN 101 AND 102;

-- date_birthday_of_29_february
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  EXTRACT(MONTH FROM `c`.`born`) * 100 + EXTRACT(DAY FROM `c`.`born`) BETWEEN 228 AND 229;

-- date_is_set
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  NOT `c`.`born` IS NULL;

-- date_in_json
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  CASE
    WHEN REGEXP_CONTAINS(
      JSON_VALUE(`c`.`extra`, '$.renews'),
      '^((1[0-9]|2[0-9])[0-9]{2}-((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|1[0-9]|2[0-8]))|([0-9]{2}(0[48]|[2468][048]|[13579][26])|([02468][048]|[13579][26])00)-02-29)'
    )
    THEN SAFE_CAST(LEFT(JSON_VALUE(`c`.`extra`, '$.renews'), 10) AS DATE)
  END >= CAST('2026-03-10' AS DATE)
  AND CASE
    WHEN REGEXP_CONTAINS(
      JSON_VALUE(`c`.`extra`, '$.renews'),
      '^((1[0-9]|2[0-9])[0-9]{2}-((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|1[0-9]|2[0-8]))|([0-9]{2}(0[48]|[2468][048]|[13579][26])|([02468][048]|[13579][26])00)-02-29)'
    )
    THEN SAFE_CAST(LEFT(JSON_VALUE(`c`.`extra`, '$.renews'), 10) AS DATE)
  END < CAST('2026-04-10' AS DATE);

-- time_within_days
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  `c`.`signed_up` >= CAST('2026-03-03 00:00:00-05:00' AS TIMESTAMP)
  AND `c`.`signed_up` < CAST('2026-03-10 11:30:00-04:00' AS TIMESTAMP);

-- time_within_hours
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  `c`.`signed_up` >= CAST('2026-03-09 11:30:00-04:00' AS TIMESTAMP)
  AND `c`.`signed_up` < CAST('2026-03-10 11:30:00-04:00' AS TIMESTAMP);

-- time_on_a_day_of_23_hours
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  `c`.`signed_up` >= CAST('2026-03-08 00:00:00-05:00' AS TIMESTAMP)
  AND `c`.`signed_up` < CAST('2026-03-09 00:00:00-04:00' AS TIMESTAMP);

-- time_without_zone
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  `c`.`last_visit` >= CAST('2026-03-01 00:00:00' AS DATETIME);

-- time_anniversary
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  EXTRACT(MONTH FROM CAST(DATETIME(`c`.`signed_up`, 'America/New_York') AS DATE)) * 100 + EXTRACT(DAY FROM CAST(DATETIME(`c`.`signed_up`, 'America/New_York') AS DATE)) BETWEEN 201 AND 229;

-- time_is_set
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  NOT `c`.`signed_up` IS NULL;

-- time_in_json
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  CASE
    WHEN REGEXP_CONTAINS(
      JSON_VALUE(`c`.`extra`, '$.seen'),
      '^((1[0-9]|2[0-9])[0-9]{2}-((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|1[0-9]|2[0-8]))|([0-9]{2}(0[48]|[2468][048]|[13579][26])|([02468][048]|[13579][26])00)-02-29)[T ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\\.[0-9]{1,9})?)?(Z|[-+](0[0-9]|1[0-4])(:?[0-5][0-9])?)$'
    )
    THEN SAFE_CAST(JSON_VALUE(`c`.`extra`, '$.seen') AS TIMESTAMP)
    WHEN REGEXP_CONTAINS(
      JSON_VALUE(`c`.`extra`, '$.seen'),
      '^((1[0-9]|2[0-9])[0-9]{2}-((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|1[0-9]|2[0-8]))|([0-9]{2}(0[48]|[2468][048]|[13579][26])|([02468][048]|[13579][26])00)-02-29)([T ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\\.[0-9]{1,9})?)?)?$'
    )
    THEN TIMESTAMP(SAFE_CAST(JSON_VALUE(`c`.`extra`, '$.seen') AS DATETIME), 'America/New_York')
  END >= CAST('2026-03-08 00:00:00-05:00' AS TIMESTAMP);

-- list_has_any
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  EXISTS(
    SELECT
      1
    FROM UNNEST(`c`.`tags`) AS `entry`
    WHERE
      `entry` IN UNNEST(ARRAY<STRING>['a', 'c'])
  );

-- list_has_all
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  NOT EXISTS(
    SELECT
      1
    FROM UNNEST(ARRAY<STRING>['b', 'c']) AS `entry`
    WHERE
      NOT (
        `entry` IN UNNEST(`c`.`tags`)
      )
  );

-- list_has_none
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  EXISTS(
    SELECT
      1
    FROM UNNEST(`c`.`tags`) AS `entry`
    WHERE
      `entry` IN UNNEST(ARRAY<STRING>['a'])
  ) IS NOT TRUE;

-- list_length
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  ARRAY_LENGTH(`c`.`tags`) BETWEEN 0 AND 1;

-- list_is_set
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  ARRAY_LENGTH(`c`.`tags`) > 0;

-- list_of_rows_has_all
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  EXISTS(
    SELECT
      1
    FROM `labels` AS `l`
    WHERE
      `l`.`customer_id` = `c`.`id` AND `l`.`label` = 'new'
  )
  AND EXISTS(
    SELECT
      1
    FROM `labels` AS `l`
    WHERE
      `l`.`customer_id` = `c`.`id` AND `l`.`label` = 'old'
  );

-- list_of_rows_length
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  NOT EXISTS(
    SELECT
      1
    FROM (
      SELECT
        `l`.`customer_id` AS `key`
      FROM `labels` AS `l`
      WHERE
        `l`.`label` <> ''
      GROUP BY
        `l`.`customer_id`
      HAVING
        COUNT(DISTINCT `l`.`label`) > 1
    ) AS `x`
    WHERE
      `x`.`key` = `c`.`id`
  );

-- near_in_kilometres
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  `c`.`latitude` BETWEEN CAST(40.6677 AS FLOAT64) AND CAST(40.7579 AS FLOAT64)
  AND `c`.`longitude` BETWEEN CAST(-74.0654 AS FLOAT64) AND CAST(-73.9466 AS FLOAT64)
  AND 12742 * ASIN(
    LEAST(
      1,
      SQRT(
        POWER(SIN((
          `c`.`latitude` - CAST(40.7128 AS FLOAT64)
        ) * 0.017453292519943295 / 2), 2) + COS(`c`.`latitude` * 0.017453292519943295) * COS(CAST(40.7128 AS FLOAT64) * 0.017453292519943295) * POWER(
          SIN((
            `c`.`longitude` - CAST(-74.006 AS FLOAT64)
          ) * 0.017453292519943295 / 2),
          2
        )
      )
    )
  ) <= CAST(5.0 AS FLOAT64);

-- near_in_miles
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  `c`.`latitude` BETWEEN CAST(33.5512 AS FLOAT64) AND CAST(34.4488 AS FLOAT64)
  AND `c`.`longitude` BETWEEN CAST(-118.7413 AS FLOAT64) AND CAST(-117.6587 AS FLOAT64)
  AND 12742 * ASIN(
    LEAST(
      1,
      SQRT(
        POWER(SIN((
          `c`.`latitude` - CAST(34.0 AS FLOAT64)
        ) * 0.017453292519943295 / 2), 2) + COS(`c`.`latitude` * 0.017453292519943295) * COS(CAST(34.0 AS FLOAT64) * 0.017453292519943295) * POWER(SIN((
          `c`.`longitude` - CAST(-118.2 AS FLOAT64)
        ) * 0.017453292519943295 / 2), 2)
      )
    )
  ) <= CAST(49.889664 AS FLOAT64);

-- near_beyond_the_180th_meridian
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  `c`.`latitude` BETWEEN CAST(40.1803 AS FLOAT64) AND CAST(41.2597 AS FLOAT64)
  AND (
    `c`.`longitude` >= CAST(179.7879 AS FLOAT64)
    OR `c`.`longitude` <= CAST(-178.7879 AS FLOAT64)
  )
  AND 12742 * ASIN(
    LEAST(
      1,
      SQRT(
        POWER(SIN((
          `c`.`latitude` - CAST(40.72 AS FLOAT64)
        ) * 0.017453292519943295 / 2), 2) + COS(`c`.`latitude` * 0.017453292519943295) * COS(CAST(40.72 AS FLOAT64) * 0.017453292519943295) * POWER(SIN((
          `c`.`longitude` - CAST(-179.5 AS FLOAT64)
        ) * 0.017453292519943295 / 2), 2)
      )
    )
  ) <= CAST(60.0 AS FLOAT64);

-- near_the_pole
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  `c`.`latitude` BETWEEN CAST(89.82 AS FLOAT64) AND CAST(90.18 AS FLOAT64)
  AND 12742 * ASIN(
    LEAST(
      1,
      SQRT(
        POWER(SIN((
          `c`.`latitude` - CAST(90.0 AS FLOAT64)
        ) * 0.017453292519943295 / 2), 2) + COS(`c`.`latitude` * 0.017453292519943295) * COS(CAST(90.0 AS FLOAT64) * 0.017453292519943295) * POWER(SIN((
          `c`.`longitude` - CAST(0.0 AS FLOAT64)
        ) * 0.017453292519943295 / 2), 2)
      )
    )
  ) <= CAST(20.0 AS FLOAT64);

-- near_half_the_earth
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  `c`.`latitude` BETWEEN CAST(-89.9952 AS FLOAT64) AND CAST(89.9952 AS FLOAT64)
  AND `c`.`longitude` BETWEEN CAST(-179.9952 AS FLOAT64) AND CAST(-0.0048 AS FLOAT64)
  AND 12742 * ASIN(
    LEAST(
      1,
      SQRT(
        POWER(SIN((
          `c`.`latitude` - CAST(0.0 AS FLOAT64)
        ) * 0.017453292519943295 / 2), 2) + COS(`c`.`latitude` * 0.017453292519943295) * COS(CAST(0.0 AS FLOAT64) * 0.017453292519943295) * POWER(SIN((
          `c`.`longitude` - CAST(-90.0 AS FLOAT64)
        ) * 0.017453292519943295 / 2), 2)
      )
    )
  ) <= CAST(10007.0 AS FLOAT64);

-- joined_choice
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  EXISTS(
    SELECT
      1
    FROM `companies` AS `c2`
    WHERE
      `c2`.`id` = `c`.`company_id` AND `c2`.`industry` = 'tech'
  );

-- joined_choice_is_not
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  NOT EXISTS(
    SELECT
      1
    FROM `companies` AS `c2`
    WHERE
      `c2`.`id` = `c`.`company_id` AND `c2`.`industry` = 'tech'
  );

-- any_related_row
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  EXISTS(
    SELECT
      1
    FROM `addresses` AS `a`
    WHERE
      `a`.`customer_id` = `c`.`id` AND `a`.`floor` >= 1
  );

-- did_ever
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  EXISTS(
    SELECT
      1
    FROM `orders` AS `o`
    WHERE
      `o`.`customer_id` = `c`.`id`
      AND (
        `o`.`status` IN UNNEST(ARRAY<STRING>['cancelled', 'test'])
      ) IS NOT TRUE
  );

-- never_did
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  NOT EXISTS(
    SELECT
      1
    FROM `orders` AS `o`
    WHERE
      `o`.`customer_id` = `c`.`id`
      AND (
        `o`.`status` IN UNNEST(ARRAY<STRING>['cancelled', 'test'])
      ) IS NOT TRUE
  );

-- did_lately
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  EXISTS(
    SELECT
      1
    FROM `orders` AS `o`
    WHERE
      `o`.`customer_id` = `c`.`id`
      AND (
        `o`.`status` IN UNNEST(ARRAY<STRING>['cancelled', 'test'])
      ) IS NOT TRUE
      AND `o`.`ordered_at` >= CAST('2025-12-10 00:00:00-05:00' AS TIMESTAMP)
      AND `o`.`ordered_at` < CAST('2026-03-10 11:30:00-04:00' AS TIMESTAMP)
  );

-- not_lately
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  NOT EXISTS(
    SELECT
      1
    FROM `orders` AS `o`
    WHERE
      `o`.`customer_id` = `c`.`id`
      AND (
        `o`.`status` IN UNNEST(ARRAY<STRING>['cancelled', 'test'])
      ) IS NOT TRUE
      AND `o`.`ordered_at` >= CAST('2025-12-10 00:00:00-05:00' AS TIMESTAMP)
      AND `o`.`ordered_at` < CAST('2026-03-10 11:30:00-04:00' AS TIMESTAMP)
  );

-- did_twice
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  EXISTS(
    SELECT
      1
    FROM (
      SELECT
        `o`.`customer_id` AS `key`
      FROM `orders` AS `o`
      WHERE
        (
          `o`.`status` IN UNNEST(ARRAY<STRING>['cancelled', 'test'])
        ) IS NOT TRUE
      GROUP BY
        `o`.`customer_id`
      HAVING
        COUNT(*) >= 2
    ) AS `x`
    WHERE
      `x`.`key` = `c`.`id`
  );

-- did_exactly_once
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  EXISTS(
    SELECT
      1
    FROM (
      SELECT
        `o`.`customer_id` AS `key`
      FROM `orders` AS `o`
      WHERE
        (
          `o`.`status` IN UNNEST(ARRAY<STRING>['cancelled', 'test'])
        ) IS NOT TRUE
      GROUP BY
        `o`.`customer_id`
      HAVING
        COUNT(*) = 1
    ) AS `x`
    WHERE
      `x`.`key` = `c`.`id`
  );

-- did_at_most_twice
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  NOT EXISTS(
    SELECT
      1
    FROM (
      SELECT
        `o`.`customer_id` AS `key`
      FROM `orders` AS `o`
      WHERE
        (
          `o`.`status` IN UNNEST(ARRAY<STRING>['cancelled', 'test'])
        ) IS NOT TRUE
      GROUP BY
        `o`.`customer_id`
      HAVING
        COUNT(*) >= 3
    ) AS `x`
    WHERE
      `x`.`key` = `c`.`id`
  );

-- did_no_times
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  NOT EXISTS(
    SELECT
      1
    FROM `orders` AS `o`
    WHERE
      `o`.`customer_id` = `c`.`id`
      AND (
        `o`.`status` IN UNNEST(ARRAY<STRING>['cancelled', 'test'])
      ) IS NOT TRUE
  );

-- did_between
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  EXISTS(
    SELECT
      1
    FROM (
      SELECT
        `o`.`customer_id` AS `key`
      FROM `orders` AS `o`
      WHERE
        (
          `o`.`status` IN UNNEST(ARRAY<STRING>['cancelled', 'test'])
        ) IS NOT TRUE
      GROUP BY
        `o`.`customer_id`
      HAVING
        COUNT(*) BETWEEN 2 AND 3
    ) AS `x`
    WHERE
      `x`.`key` = `c`.`id`
  );

-- did_with_filters_on_one_row
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  EXISTS(
    SELECT
      1
    FROM `orders` AS `o`
    WHERE
      `o`.`customer_id` = `c`.`id`
      AND (
        `o`.`status` IN UNNEST(ARRAY<STRING>['cancelled', 'test'])
      ) IS NOT TRUE
      AND `o`.`channel` = 'web'
      AND `o`.`amount` > 20
  );

-- did_with_a_negated_filter
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  EXISTS(
    SELECT
      1
    FROM `orders` AS `o`
    WHERE
      `o`.`customer_id` = `c`.`id`
      AND (
        `o`.`status` IN UNNEST(ARRAY<STRING>['cancelled', 'test'])
      ) IS NOT TRUE
      AND (
        `o`.`channel` = 'web'
      ) IS NOT TRUE
  );

-- did_with_related_rows
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  EXISTS(
    SELECT
      1
    FROM `orders` AS `o`
    WHERE
      `o`.`customer_id` = `c`.`id`
      AND (
        `o`.`status` IN UNNEST(ARRAY<STRING>['cancelled', 'test'])
      ) IS NOT TRUE
      AND EXISTS(
        SELECT
          1
        FROM `order_items` AS `oi`
        JOIN `products` AS `p`
          ON `p`.`id` = `oi`.`product_id`
        WHERE
          `oi`.`order_id` = `o`.`id` AND `p`.`category` = 'shoes'
      )
  );

-- did_with_related_rows_on_one_line
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  EXISTS(
    SELECT
      1
    FROM `orders` AS `o`
    WHERE
      `o`.`customer_id` = `c`.`id`
      AND (
        `o`.`status` IN UNNEST(ARRAY<STRING>['cancelled', 'test'])
      ) IS NOT TRUE
      AND EXISTS(
        SELECT
          1
        FROM `order_items` AS `oi`
        JOIN `products` AS `p`
          ON `p`.`id` = `oi`.`product_id`
        WHERE
          `oi`.`order_id` = `o`.`id` AND `p`.`category` = 'shoes' AND `oi`.`quantity` >= 2
      )
  );

-- did_over_joins
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  EXISTS(
    SELECT
      1
    FROM `order_items` AS `oi`
    JOIN `orders` AS `o`
      ON `o`.`id` = `oi`.`order_id`
    LEFT JOIN `products` AS `p`
      ON `p`.`id` = `oi`.`product_id`
    WHERE
      `o`.`customer_id` = `c`.`id`
      AND `p`.`category` IN UNNEST(ARRAY<STRING>['shoes', 'hats'])
      AND `o`.`ordered_at` >= CAST('2025-12-10 00:00:00-05:00' AS TIMESTAMP)
      AND `o`.`ordered_at` < CAST('2026-03-10 11:30:00-04:00' AS TIMESTAMP)
  );

-- did_on_days
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  EXISTS(
    SELECT
      1
    FROM `visits` AS `v`
    WHERE
      `v`.`customer_id` = `c`.`id`
      AND `v`.`device` IN UNNEST(ARRAY<STRING>['mobile', 'desktop', 'tablet'])
      AND `v`.`day` >= CAST('2026-03-03' AS DATE)
      AND `v`.`day` < CAST('2026-03-11' AS DATE)
  );

-- did_at_local_times
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  EXISTS(
    SELECT
      1
    FROM `logins` AS `l`
    WHERE
      `l`.`customer_id` = `c`.`id`
      AND CASE
        WHEN REGEXP_CONTAINS(
          TRIM(JSON_VALUE(`l`.`data`, '$.rating')),
          '^\\s*[-+]?([0-9]{1,30}(\\.[0-9]{0,30})?|\\.[0-9]{1,30})\\s*$'
        )
        THEN SAFE_CAST(TRIM(JSON_VALUE(`l`.`data`, '$.rating')) AS NUMERIC)
      END >= 4
      AND `l`.`at` < CAST('2026-03-09 00:00:00' AS DATETIME)
  );

-- sum_over
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  EXISTS(
    SELECT
      1
    FROM (
      SELECT
        `o`.`customer_id` AS `key`
      FROM `orders` AS `o`
      WHERE
        (
          `o`.`status` IN UNNEST(ARRAY<STRING>['cancelled', 'test'])
        ) IS NOT TRUE
      GROUP BY
        `o`.`customer_id`
      HAVING
        SUM(`o`.`amount`) > 100
    ) AS `x`
    WHERE
      `x`.`key` = `c`.`id`
  );

-- sum_at_most
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  NOT EXISTS(
    SELECT
      1
    FROM (
      SELECT
        `o`.`customer_id` AS `key`
      FROM `orders` AS `o`
      WHERE
        (
          `o`.`status` IN UNNEST(ARRAY<STRING>['cancelled', 'test'])
        ) IS NOT TRUE
      GROUP BY
        `o`.`customer_id`
      HAVING
        NOT (
          SUM(`o`.`amount`) <= 100
        )
    ) AS `x`
    WHERE
      `x`.`key` = `c`.`id`
  );

-- average_under
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  EXISTS(
    SELECT
      1
    FROM (
      SELECT
        `o`.`customer_id` AS `key`
      FROM `orders` AS `o`
      WHERE
        (
          `o`.`status` IN UNNEST(ARRAY<STRING>['cancelled', 'test'])
        ) IS NOT TRUE
      GROUP BY
        `o`.`customer_id`
      HAVING
        AVG(`o`.`amount`) < 50
    ) AS `x`
    WHERE
      `x`.`key` = `c`.`id`
  );

-- minimum_is
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  EXISTS(
    SELECT
      1
    FROM (
      SELECT
        `o`.`customer_id` AS `key`
      FROM `orders` AS `o`
      WHERE
        (
          `o`.`status` IN UNNEST(ARRAY<STRING>['cancelled', 'test'])
        ) IS NOT TRUE
      GROUP BY
        `o`.`customer_id`
      HAVING
        MIN(`o`.`amount`) = 0
    ) AS `x`
    WHERE
      `x`.`key` = `c`.`id`
  );

-- maximum_between
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  EXISTS(
    SELECT
      1
    FROM (
      SELECT
        `o`.`customer_id` AS `key`
      FROM `orders` AS `o`
      WHERE
        (
          `o`.`status` IN UNNEST(ARRAY<STRING>['cancelled', 'test'])
        ) IS NOT TRUE
      GROUP BY
        `o`.`customer_id`
      HAVING
        MAX(`o`.`amount`) BETWEEN 20 AND 100
    ) AS `x`
    WHERE
      `x`.`key` = `c`.`id`
  );

-- distinct_at_least
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  EXISTS(
    SELECT
      1
    FROM (
      SELECT
        `o`.`customer_id` AS `key`
      FROM `order_items` AS `oi`
      JOIN `orders` AS `o`
        ON `o`.`id` = `oi`.`order_id`
      LEFT JOIN `products` AS `p`
        ON `p`.`id` = `oi`.`product_id`
      GROUP BY
        `o`.`customer_id`
      HAVING
        COUNT(DISTINCT `p`.`category`) >= 2
    ) AS `x`
    WHERE
      `x`.`key` = `c`.`id`
  );

-- first_in_window
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  EXISTS(
    SELECT
      1
    FROM (
      SELECT
        `o`.`customer_id` AS `key`
      FROM `orders` AS `o`
      WHERE
        (
          `o`.`status` IN UNNEST(ARRAY<STRING>['cancelled', 'test'])
        ) IS NOT TRUE
      GROUP BY
        `o`.`customer_id`
      HAVING
        MIN(`o`.`ordered_at`) >= CAST('2025-01-01 00:00:00-05:00' AS TIMESTAMP)
        AND MIN(`o`.`ordered_at`) < CAST('2026-01-01 00:00:00-05:00' AS TIMESTAMP)
    ) AS `x`
    WHERE
      `x`.`key` = `c`.`id`
  );

-- last_before
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  EXISTS(
    SELECT
      1
    FROM (
      SELECT
        `o`.`customer_id` AS `key`
      FROM `orders` AS `o`
      WHERE
        (
          `o`.`status` IN UNNEST(ARRAY<STRING>['cancelled', 'test'])
        ) IS NOT TRUE
      GROUP BY
        `o`.`customer_id`
      HAVING
        MAX(`o`.`ordered_at`) < CAST('2026-02-08 00:00:00-05:00' AS TIMESTAMP)
    ) AS `x`
    WHERE
      `x`.`key` = `c`.`id`
  );

-- last_with_filter
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  EXISTS(
    SELECT
      1
    FROM (
      SELECT
        `n`.`key`
      FROM (
        SELECT
          `o`.`customer_id` AS `key`,
          (
            `o`.`channel` = 'web'
          ) IS TRUE AS `holds`,
          ROW_NUMBER() OVER (PARTITION BY `o`.`customer_id` ORDER BY `o`.`ordered_at` DESC, `o`.`id` DESC) AS `place`
        FROM `orders` AS `o`
        WHERE
          (
            `o`.`status` IN UNNEST(ARRAY<STRING>['cancelled', 'test'])
          ) IS NOT TRUE
          AND NOT `o`.`ordered_at` IS NULL
      ) AS `n`
      WHERE
        `n`.`place` = 1 AND `n`.`holds`
    ) AS `x`
    WHERE
      `x`.`key` = `c`.`id`
  );

-- second_in_window
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  EXISTS(
    SELECT
      1
    FROM (
      SELECT
        `n`.`key`
      FROM (
        SELECT
          `o`.`customer_id` AS `key`,
          (
            `o`.`ordered_at` >= CAST('2025-12-10 00:00:00-05:00' AS TIMESTAMP)
            AND `o`.`ordered_at` < CAST('2026-03-10 11:30:00-04:00' AS TIMESTAMP)
          ) IS TRUE AS `holds`,
          ROW_NUMBER() OVER (
            PARTITION BY `o`.`customer_id`
            ORDER BY `o`.`ordered_at` NULLS LAST, `o`.`id` NULLS LAST
          ) AS `place`
        FROM `orders` AS `o`
        WHERE
          (
            `o`.`status` IN UNNEST(ARRAY<STRING>['cancelled', 'test'])
          ) IS NOT TRUE
          AND NOT `o`.`ordered_at` IS NULL
      ) AS `n`
      WHERE
        `n`.`place` = 2 AND `n`.`holds`
    ) AS `x`
    WHERE
      `x`.`key` = `c`.`id`
  );

-- share_of_rows
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  EXISTS(
    SELECT
      1
    FROM (
      SELECT
        `o`.`customer_id` AS `key`
      FROM `orders` AS `o`
      WHERE
        (
          `o`.`status` IN UNNEST(ARRAY<STRING>['cancelled', 'test'])
        ) IS NOT TRUE
      GROUP BY
        `o`.`customer_id`
      HAVING
        COUNTIF(`o`.`channel` = 'web') >= 0.5 * COUNT(*)
    ) AS `x`
    WHERE
      `x`.`key` = `c`.`id`
  );

-- ratio_of_events
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  EXISTS(
    SELECT
      1
    FROM (
      SELECT
        `w`.`key`
      FROM (
        SELECT
          `o`.`customer_id` AS `key`,
          COUNT(*) AS `value`
        FROM `orders` AS `o`
        WHERE
          (
            `o`.`status` IN UNNEST(ARRAY<STRING>['cancelled', 'test'])
          ) IS NOT TRUE
        GROUP BY
          `o`.`customer_id`
      ) AS `w`
      LEFT JOIN (
        SELECT
          `v`.`customer_id` AS `key`,
          COUNT(*) AS `value`
        FROM `visits` AS `v`
        WHERE
          `v`.`device` IN UNNEST(ARRAY<STRING>['mobile', 'desktop', 'tablet'])
        GROUP BY
          `v`.`customer_id`
      ) AS `p`
        ON `p`.`key` = `w`.`key`
      WHERE
        COALESCE(`p`.`value`, 0) > 1 * `w`.`value`
    ) AS `x`
    WHERE
      `x`.`key` = `c`.`id`
  );

-- compare_two_measures
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  EXISTS(
    SELECT
      1
    FROM (
      SELECT
        COALESCE(`a`.`key`, `b`.`key`) AS `key`
      FROM (
        SELECT
          `o`.`customer_id` AS `key`,
          COUNT(*) AS `value`
        FROM `orders` AS `o`
        WHERE
          (
            `o`.`status` IN UNNEST(ARRAY<STRING>['cancelled', 'test'])
          ) IS NOT TRUE
          AND `o`.`ordered_at` >= CAST('2025-12-10 00:00:00-05:00' AS TIMESTAMP)
          AND `o`.`ordered_at` < CAST('2026-03-10 11:30:00-04:00' AS TIMESTAMP)
        GROUP BY
          `o`.`customer_id`
      ) AS `a`
      FULL JOIN (
        SELECT
          `v`.`customer_id` AS `key`,
          COUNT(*) AS `value`
        FROM `visits` AS `v`
        WHERE
          `v`.`device` IN UNNEST(ARRAY<STRING>['mobile', 'desktop', 'tablet'])
        GROUP BY
          `v`.`customer_id`
      ) AS `b`
        ON `b`.`key` = `a`.`key`
      WHERE
        COALESCE(`a`.`value`, 0) > 2 * COALESCE(`b`.`value`, 0)
    ) AS `x`
    WHERE
      `x`.`key` = `c`.`id`
  );

-- compare_includes_nothing_at_all
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  NOT EXISTS(
    SELECT
      1
    FROM (
      SELECT
        COALESCE(`a`.`key`, `b`.`key`) AS `key`
      FROM (
        SELECT
          `o`.`customer_id` AS `key`,
          COUNT(*) AS `value`
        FROM `orders` AS `o`
        WHERE
          (
            `o`.`status` IN UNNEST(ARRAY<STRING>['cancelled', 'test'])
          ) IS NOT TRUE
          AND `o`.`ordered_at` >= CAST('2025-12-10 00:00:00-05:00' AS TIMESTAMP)
          AND `o`.`ordered_at` < CAST('2026-03-10 11:30:00-04:00' AS TIMESTAMP)
        GROUP BY
          `o`.`customer_id`
      ) AS `a`
      FULL JOIN (
        SELECT
          `v`.`customer_id` AS `key`,
          COUNT(*) AS `value`
        FROM `visits` AS `v`
        WHERE
          `v`.`device` IN UNNEST(ARRAY<STRING>['mobile', 'desktop', 'tablet'])
        GROUP BY
          `v`.`customer_id`
      ) AS `b`
        ON `b`.`key` = `a`.`key`
      WHERE
        (
          COALESCE(`a`.`value`, 0) <= COALESCE(`b`.`value`, 0)
        ) IS NOT TRUE
    ) AS `x`
    WHERE
      `x`.`key` = `c`.`id`
  );

-- then
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  EXISTS(
    SELECT
      1
    FROM `orders` AS `o`
    WHERE
      `o`.`customer_id` = `c`.`id`
      AND (
        `o`.`status` IN UNNEST(ARRAY<STRING>['cancelled', 'test'])
      ) IS NOT TRUE
      AND EXISTS(
        SELECT
          1
        FROM `orders` AS `o2`
        WHERE
          `o2`.`customer_id` = `o`.`customer_id`
          AND `o2`.`ordered_at` > `o`.`ordered_at`
          AND `o2`.`ordered_at` <= `o`.`ordered_at` + INTERVAL (
            720
          ) HOUR
          AND (
            `o2`.`status` IN UNNEST(ARRAY<STRING>['cancelled', 'test'])
          ) IS NOT TRUE
      )
  );

-- then_never
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  EXISTS(
    SELECT
      1
    FROM (
      SELECT
        `f`.`key`
      FROM (
        SELECT
          `v`.`customer_id` AS `key`,
          `v`.`day` AS `time`,
          RANK() OVER (PARTITION BY `v`.`customer_id` ORDER BY `v`.`day` DESC) AS `place`
        FROM `visits` AS `v`
        WHERE
          `v`.`device` IN UNNEST(ARRAY<STRING>['mobile', 'desktop', 'tablet'])
          AND NOT `v`.`day` IS NULL
      ) AS `f`
      WHERE
        `f`.`place` = 1
        AND NOT EXISTS(
          SELECT
            1
          FROM `orders` AS `o`
          WHERE
            `o`.`customer_id` = `f`.`key`
            AND CAST(DATETIME(`o`.`ordered_at`, 'America/New_York') AS DATE) >= `f`.`time`
            AND (
              `o`.`status` IN UNNEST(ARRAY<STRING>['cancelled', 'test'])
            ) IS NOT TRUE
        )
      GROUP BY
        `f`.`key`
    ) AS `x`
    WHERE
      `x`.`key` = `c`.`id`
  );

-- then_the_same
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  EXISTS(
    SELECT
      1
    FROM `order_items` AS `oi`
    JOIN `orders` AS `o`
      ON `o`.`id` = `oi`.`order_id`
    LEFT JOIN `products` AS `p`
      ON `p`.`id` = `oi`.`product_id`
    WHERE
      `o`.`customer_id` = `c`.`id`
      AND EXISTS(
        SELECT
          1
        FROM `order_items` AS `oi2`
        JOIN `orders` AS `o2`
          ON `o2`.`id` = `oi2`.`order_id`
        LEFT JOIN `products` AS `p2`
          ON `p2`.`id` = `oi2`.`product_id`
        WHERE
          `o2`.`customer_id` = `o`.`customer_id`
          AND `o2`.`ordered_at` > `o`.`ordered_at`
          AND `p2`.`category` = `p`.`category`
      )
  );

-- around_signing_up
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  EXISTS(
    SELECT
      1
    FROM `orders` AS `o`
    WHERE
      `o`.`customer_id` = `c`.`id`
      AND (
        `o`.`status` IN UNNEST(ARRAY<STRING>['cancelled', 'test'])
      ) IS NOT TRUE
      AND `o`.`ordered_at` >= `c`.`signed_up`
      AND `o`.`ordered_at` <= `c`.`signed_up` + INTERVAL (
        168
      ) HOUR
  );

-- regularly
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  EXISTS(
    SELECT
      1
    FROM (
      SELECT
        `o`.`customer_id` AS `key`
      FROM `orders` AS `o`
      WHERE
        (
          `o`.`status` IN UNNEST(ARRAY<STRING>['cancelled', 'test'])
        ) IS NOT TRUE
        AND `o`.`ordered_at` >= CAST('2025-09-01 00:00:00-04:00' AS TIMESTAMP)
        AND `o`.`ordered_at` < CAST('2026-03-01 00:00:00-05:00' AS TIMESTAMP)
      GROUP BY
        `o`.`customer_id`
      HAVING
        COUNT(
          DISTINCT RANGE_BUCKET(
            `o`.`ordered_at`,
            ARRAY<TIMESTAMP>[
              '2025-09-01 00:00:00-04:00',
              '2025-10-01 00:00:00-04:00',
              '2025-11-01 00:00:00-04:00',
              '2025-12-01 00:00:00-05:00',
              '2026-01-01 00:00:00-05:00',
              '2026-02-01 00:00:00-05:00',
              '2026-03-01 00:00:00-05:00'
            ]
          )
        ) >= 2
    ) AS `x`
    WHERE
      `x`.`key` = `c`.`id`
  );

-- stopped
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  EXISTS(
    SELECT
      1
    FROM (
      SELECT
        `o`.`customer_id` AS `key`
      FROM `orders` AS `o`
      WHERE
        (
          `o`.`status` IN UNNEST(ARRAY<STRING>['cancelled', 'test'])
        ) IS NOT TRUE
        AND `o`.`ordered_at` < CAST('2026-03-10 11:30:00-04:00' AS TIMESTAMP)
      GROUP BY
        `o`.`customer_id`
      HAVING
        MAX(`o`.`ordered_at`) < CAST('2026-02-10 00:00:00-05:00' AS TIMESTAMP)
    ) AS `x`
    WHERE
      `x`.`key` = `c`.`id`
  );

-- stopped_hours_ago
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  EXISTS(
    SELECT
      1
    FROM `orders` AS `o`
    WHERE
      `o`.`customer_id` = `c`.`id`
      AND (
        `o`.`status` IN UNNEST(ARRAY<STRING>['cancelled', 'test'])
      ) IS NOT TRUE
      AND `o`.`ordered_at` < CAST('2026-03-09 05:30:00-04:00' AS TIMESTAMP)
  )
  AND NOT EXISTS(
    SELECT
      1
    FROM `orders` AS `o`
    WHERE
      `o`.`customer_id` = `c`.`id`
      AND (
        `o`.`status` IN UNNEST(ARRAY<STRING>['cancelled', 'test'])
      ) IS NOT TRUE
      AND `o`.`ordered_at` >= CAST('2026-03-09 05:30:00-04:00' AS TIMESTAMP)
      AND `o`.`ordered_at` < CAST('2026-03-10 11:30:00-04:00' AS TIMESTAMP)
  );

-- came_back
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  EXISTS(
    SELECT
      1
    FROM (
      SELECT
        `g`.`key`
      FROM (
        SELECT
          `o`.`customer_id` AS `key`,
          `o`.`ordered_at` AS `time`,
          LAG(`o`.`ordered_at`) OVER (PARTITION BY `o`.`customer_id` ORDER BY `o`.`ordered_at` NULLS LAST) AS `previous`
        FROM `orders` AS `o`
        WHERE
          (
            `o`.`status` IN UNNEST(ARRAY<STRING>['cancelled', 'test'])
          ) IS NOT TRUE
      ) AS `g`
      WHERE
        `g`.`previous` <= `g`.`time` - INTERVAL (
          1440
        ) HOUR
        AND `g`.`time` >= CAST('2026-02-08 00:00:00-05:00' AS TIMESTAMP)
        AND `g`.`time` < CAST('2026-03-10 11:30:00-04:00' AS TIMESTAMP)
      GROUP BY
        `g`.`key`
    ) AS `x`
    WHERE
      `x`.`key` = `c`.`id`
  );

-- held
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  `c`.`tier` = 'gold'
  AND EXISTS(
    SELECT
      1
    FROM (
      SELECT
        `n`.`key`
      FROM (
        SELECT
          `tc`.`customer_id` AS `key`,
          (
            `tc`.`tier` = 'gold'
          ) IS TRUE AS `holds`,
          ROW_NUMBER() OVER (PARTITION BY `tc`.`customer_id` ORDER BY `tc`.`at` DESC, `tc`.`id` DESC) AS `place`
        FROM `tier_changes` AS `tc`
        JOIN `customers` AS `c2`
          ON `c2`.`id` = `tc`.`customer_id`
        WHERE
          `c2`.`tier` = 'gold'
          AND `tc`.`at` < CAST('2026-02-10 00:00:00-05:00' AS TIMESTAMP)
          AND NOT `tc`.`at` IS NULL
      ) AS `n`
      WHERE
        `n`.`place` = 1 AND `n`.`holds`
    ) AS `x`
    WHERE
      `x`.`key` = `c`.`id`
  )
  AND NOT EXISTS(
    SELECT
      1
    FROM `tier_changes` AS `tc`
    WHERE
      `tc`.`customer_id` = `c`.`id`
      AND (
        `tc`.`tier` = 'gold'
      ) IS NOT TRUE
      AND `tc`.`at` >= CAST('2026-02-10 00:00:00-05:00' AS TIMESTAMP)
      AND `tc`.`at` < CAST('2026-03-10 11:30:00-04:00' AS TIMESTAMP)
  );

-- top_people
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  EXISTS(
    SELECT
      1
    FROM (
      SELECT
        `r`.`key`
      FROM (
        SELECT
          `c2`.`id` AS `key`,
          RANK() OVER (ORDER BY `c2`.`income` DESC NULLS FIRST) AS `place`
        FROM `customers` AS `c2`
        WHERE
          NOT `c2`.`income` IS NULL
      ) AS `r`
      WHERE
        `r`.`place` <= 3
    ) AS `x`
    WHERE
      `x`.`key` = `c`.`id`
  );

-- top_percent_by_measure
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  EXISTS(
    SELECT
      1
    FROM (
      SELECT
        `r`.`key`
      FROM (
        SELECT
          `c2`.`id` AS `key`,
          RANK() OVER (ORDER BY `m`.`value` DESC NULLS FIRST) AS `place`,
          COUNT(*) OVER () AS `people`
        FROM `customers` AS `c2`
        LEFT JOIN (
          SELECT
            `o`.`customer_id` AS `key`,
            SUM(`o`.`amount`) AS `value`
          FROM `orders` AS `o`
          WHERE
            (
              `o`.`status` IN UNNEST(ARRAY<STRING>['cancelled', 'test'])
            ) IS NOT TRUE
          GROUP BY
            `o`.`customer_id`
        ) AS `m`
          ON `m`.`key` = `c2`.`id`
        WHERE
          NOT `m`.`value` IS NULL
      ) AS `r`
      WHERE
        `r`.`place` <= CEIL(`r`.`people` * 10 * 0.01)
    ) AS `x`
    WHERE
      `x`.`key` = `c`.`id`
  );

-- bottom_within
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  EXISTS(
    SELECT
      1
    FROM (
      SELECT
        `r`.`key`
      FROM (
        SELECT
          `c2`.`id` AS `key`,
          RANK() OVER (
            ORDER BY CASE
              WHEN `c2`.`born` <= CAST('2026-03-10' AS DATE)
              THEN DATE_DIFF(CAST('2026-03-10' AS DATE), `c2`.`born`, DAY)
            END NULLS LAST
          ) AS `place`
        FROM `customers` AS `c2`
        WHERE
          NOT CASE
            WHEN `c2`.`born` <= CAST('2026-03-10' AS DATE)
            THEN DATE_DIFF(CAST('2026-03-10' AS DATE), `c2`.`born`, DAY)
          END IS NULL
          AND `c2`.`email_consent` IS TRUE
      ) AS `r`
      WHERE
        `r`.`place` <= 2
    ) AS `x`
    WHERE
      `x`.`key` = `c`.`id`
  );

-- above_average
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  EXISTS(
    SELECT
      1
    FROM (
      SELECT
        `r`.`key`
      FROM (
        SELECT
          `c2`.`id` AS `key`,
          `c2`.`income` AS `value`,
          AVG(`c2`.`income`) OVER () AS `middle`
        FROM `customers` AS `c2`
        WHERE
          NOT `c2`.`income` IS NULL
      ) AS `r`
      WHERE
        `r`.`value` > `r`.`middle`
    ) AS `x`
    WHERE
      `x`.`key` = `c`.`id`
  );

-- below_median_within
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  EXISTS(
    SELECT
      1
    FROM (
      SELECT
        `r`.`key`
      FROM (
        SELECT
          `c2`.`id` AS `key`,
          `c2`.`income` AS `value`
        FROM `customers` AS `c2`
        WHERE
          NOT `c2`.`income` IS NULL AND `c2`.`gender` = 'F'
      ) AS `r`
      WHERE
        `r`.`value` < (
          SELECT
            PERCENTILE_CONT(`q`.`value`, 0.5) OVER ()
          FROM (
            SELECT
              `c2`.`income` AS `value`
            FROM `customers` AS `c2`
            WHERE
              NOT `c2`.`income` IS NULL AND `c2`.`gender` = 'F'
          ) AS `q`
          LIMIT 1
        )
    ) AS `x`
    WHERE
      `x`.`key` = `c`.`id`
  );

-- sampled
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  LEFT(TO_HEX(MD5('7' || ':' || CAST(`c`.`id` AS STRING))), 8) < '4ccccccd';

-- capped
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  EXISTS(
    SELECT
      1
    FROM (
      SELECT
        `c2`.`id` AS `key`
      FROM `customers` AS `c2`
      WHERE
        `c2`.`email_consent` IS TRUE
      ORDER BY
        `c2`.`income` DESC,
        `c2`.`id` NULLS LAST
      LIMIT 3
    ) AS `x`
    WHERE
      `x`.`key` = `c`.`id`
  );

-- everyone
SELECT
  `c`.`id`
FROM `customers` AS `c`;

-- listed
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  `c`.`id` IN UNNEST(ARRAY<INT64>[1, 4, 5]);

-- all_of
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  `c`.`gender` = 'F'
  AND EXISTS(
    SELECT
      1
    FROM `orders` AS `o`
    WHERE
      `o`.`customer_id` = `c`.`id`
      AND (
        `o`.`status` IN UNNEST(ARRAY<STRING>['cancelled', 'test'])
      ) IS NOT TRUE
  )
  AND NOT EXISTS(
    SELECT
      1
    FROM `visits` AS `v`
    WHERE
      `v`.`customer_id` = `c`.`id`
      AND `v`.`device` IN UNNEST(ARRAY<STRING>['mobile', 'desktop', 'tablet'])
  );

-- any_of
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  `c`.`income` > 100000
  OR EXISTS(
    SELECT
      1
    FROM (
      SELECT
        `o`.`customer_id` AS `key`
      FROM `orders` AS `o`
      WHERE
        (
          `o`.`status` IN UNNEST(ARRAY<STRING>['cancelled', 'test'])
        ) IS NOT TRUE
      GROUP BY
        `o`.`customer_id`
      HAVING
        COUNT(*) >= 3
    ) AS `x`
    WHERE
      `x`.`key` = `c`.`id`
  );

-- none_of
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  (
    `c`.`gender` = 'F'
  ) IS NOT TRUE AND (
    `c`.`income` > 100
  ) IS NOT TRUE;

-- not_all_of
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  (
    `c`.`gender` = 'F' AND `c`.`income` > 100
  ) IS NOT TRUE;

-- reachable
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  `c`.`email` <> '' AND `c`.`email_consent` IS TRUE AND `c`.`blocked_at` IS NULL;

-- defined
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  EXISTS(
    SELECT
      1
    FROM (
      SELECT
        `o`.`customer_id` AS `key`
      FROM `orders` AS `o`
      WHERE
        (
          `o`.`status` IN UNNEST(ARRAY<STRING>['cancelled', 'test'])
        ) IS NOT TRUE
      GROUP BY
        `o`.`customer_id`
      HAVING
        COUNT(*) >= 2
    ) AS `x`
    WHERE
      `x`.`key` = `c`.`id`
  );

-- in_a_segment
SELECT
  `c`.`id`
FROM `customers` AS `c`
WHERE
  EXISTS(
    SELECT
      1
    FROM `orders` AS `o`
    WHERE
      `o`.`customer_id` = `c`.`id`
      AND (
        `o`.`status` IN UNNEST(ARRAY<STRING>['cancelled', 'test'])
      ) IS NOT TRUE
      AND `o`.`channel` = 'web'
  )
  OR `c`.`id` IN UNNEST(ARRAY<INT64>[1, 7, 13]);
