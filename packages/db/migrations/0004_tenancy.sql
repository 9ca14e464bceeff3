CREATE TABLE "idempotency_keys" (
	"project_id" uuid NOT NULL,
	"route" text NOT NULL,
	"key" text NOT NULL,
	"fingerprint" text NOT NULL,
	"claim_token" uuid NOT NULL,
	"claimed_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"completed_at" timestamp (3) with time zone,
	"outcome" jsonb,
	CONSTRAINT "idempotency_keys_project_id_route_key_pk" PRIMARY KEY("project_id","route","key")
);
--> statement-breakpoint
CREATE TABLE "rate_windows" (
	"subject" text PRIMARY KEY NOT NULL,
	"started_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"count" integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE "usage_deltas" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"project_id" uuid NOT NULL,
	"bytes" bigint DEFAULT 0 NOT NULL,
	"objects" bigint DEFAULT 0 NOT NULL,
	"open_bytes" bigint DEFAULT 0 NOT NULL,
	"open_uploads" bigint DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "usage_totals" (
	"project_id" uuid PRIMARY KEY NOT NULL,
	"bytes" bigint DEFAULT 0 NOT NULL,
	"objects" bigint DEFAULT 0 NOT NULL,
	"open_bytes" bigint DEFAULT 0 NOT NULL,
	"open_uploads" bigint DEFAULT 0 NOT NULL
);
--> statement-breakpoint
ALTER TABLE "api_keys" ADD COLUMN "expires_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "projects" ADD COLUMN "allowed_types" text[];--> statement-breakpoint
ALTER TABLE "projects" ADD COLUMN "max_upload_bytes" bigint;--> statement-breakpoint
ALTER TABLE "projects" ADD COLUMN "quota_bytes" bigint;--> statement-breakpoint
ALTER TABLE "projects" ADD COLUMN "requests_per_minute" integer;--> statement-breakpoint
ALTER TABLE "projects" ADD COLUMN "max_open_uploads" integer;--> statement-breakpoint
ALTER TABLE "projects" ADD COLUMN "default_preset" text;--> statement-breakpoint
ALTER TABLE "projects" ADD COLUMN "cdn_base_url" text;--> statement-breakpoint
ALTER TABLE "projects" ADD COLUMN "browser_origins" text[] DEFAULT '{}' NOT NULL;--> statement-breakpoint
ALTER TABLE "projects" ADD COLUMN "is_private" boolean DEFAULT false NOT NULL;--> statement-breakpoint
CREATE INDEX "idempotency_keys_by_age" ON "idempotency_keys" USING btree ("claimed_at");--> statement-breakpoint
CREATE INDEX "usage_deltas_by_project" ON "usage_deltas" USING btree ("project_id");--> statement-breakpoint
-- By hand: counters that may be forgotten need no log; usage is counted where rows change, so that no statement forgets it.
ALTER TABLE "rate_windows" SET UNLOGGED;--> statement-breakpoint
CREATE FUNCTION count_object_usage() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
	was_live boolean := TG_OP <> 'INSERT' AND OLD.state = 'live';
	is_live boolean := TG_OP <> 'DELETE' AND NEW.state = 'live';
	bytes_before bigint := CASE WHEN was_live THEN coalesce(OLD.bytes, 0) ELSE 0 END;
	bytes_after bigint := CASE WHEN is_live THEN coalesce(NEW.bytes, 0) ELSE 0 END;
BEGIN
	IF was_live <> is_live OR bytes_before <> bytes_after THEN
		INSERT INTO usage_deltas (project_id, bytes, objects)
		VALUES (CASE WHEN TG_OP = 'DELETE' THEN OLD.project_id ELSE NEW.project_id END,
			bytes_after - bytes_before, is_live::int - was_live::int);
	END IF;
	RETURN NULL;
END $$;--> statement-breakpoint
CREATE FUNCTION count_upload_usage() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
	was_open boolean := TG_OP <> 'INSERT' AND OLD.confirmed_at IS NULL AND OLD.aborted_at IS NULL;
	is_open boolean := TG_OP <> 'DELETE' AND NEW.confirmed_at IS NULL AND NEW.aborted_at IS NULL;
	bytes_before bigint := CASE WHEN was_open THEN OLD.byte_size ELSE 0 END;
	bytes_after bigint := CASE WHEN is_open THEN NEW.byte_size ELSE 0 END;
BEGIN
	IF was_open <> is_open OR bytes_before <> bytes_after THEN
		INSERT INTO usage_deltas (project_id, open_bytes, open_uploads)
		VALUES (CASE WHEN TG_OP = 'DELETE' THEN OLD.project_id ELSE NEW.project_id END,
			bytes_after - bytes_before, is_open::int - was_open::int);
	END IF;
	RETURN NULL;
END $$;--> statement-breakpoint
CREATE TRIGGER objects_usage AFTER INSERT OR DELETE OR UPDATE OF state, bytes ON objects
	FOR EACH ROW EXECUTE FUNCTION count_object_usage();--> statement-breakpoint
CREATE TRIGGER uploads_usage AFTER INSERT OR DELETE OR UPDATE OF confirmed_at, aborted_at, byte_size ON uploads
	FOR EACH ROW EXECUTE FUNCTION count_upload_usage();
