-- An upload that nobody confirmed no longer keeps its external id from the next try; from here on the sweeper frees it.
UPDATE "assets" SET "external_id" = NULL WHERE "status" = 'expired' AND "external_id" IS NOT NULL;
