# Confines this process by Landlock and seccomp, for ever and with all that it starts, and then becomes the given command.
# perl confine.pl --filter HEX [--read PATH]... [--write PATH]... -- COMMAND...
# --filter: the seccomp filter, instructions of BPF. With --read or --write, no other file can be opened. A path that is not there is left out.
# In Perl because it is on every Debian and Ubuntu (perl-base), has system calls by number, and one thread: Landlock confines the thread that asks for it.
use strict;
use warnings;

my ($O_PATH, $O_CLOEXEC) = (0x200000, 0x80000);
my ($SET_NO_NEW_PRIVS, $SECCOMP_SET_MODE_FILTER, $PATH_BENEATH) = (38, 1, 1);
my ($LANDLOCK_CREATE, $LANDLOCK_ADD_RULE, $LANDLOCK_RESTRICT, $ASK_VERSION) = (444, 445, 446, 1);
# Rights of Landlock on files and folders, by the version of Landlock that brought them.
my ($EXECUTE, $WRITE_FILE, $READ_FILE, $READ_DIR, $REMOVE_DIR, $REMOVE_FILE) = map { 1 << $_ } 0 .. 5;
my ($MAKE_DIR, $MAKE_REG, $TRUNCATE, $IOCTL_DEV) = map { 1 << $_ } 7, 8, 14, 15;
my @RIGHTS_OF_VERSION = (0, 0x1fff, 0x3fff, 0x7fff, 0x7fff, 0xffff);
my $OF_FILES = $EXECUTE | $WRITE_FILE | $READ_FILE | $TRUNCATE | $IOCTL_DEV;
my %RIGHTS = (
  '--read' => $EXECUTE | $READ_FILE | $READ_DIR,
  '--write' => $READ_FILE | $READ_DIR | $WRITE_FILE | $TRUNCATE | $REMOVE_DIR | $REMOVE_FILE | $MAKE_DIR | $MAKE_REG,
);
my %NUMBERS = (x86_64 => { prctl => 157, seccomp => 317 }, aarch64 => { prctl => 167, seccomp => 277 });

my ($filter, @rules);
while (@ARGV) {
  my $option = shift @ARGV;
  last if $option eq '--';
  my $value = shift @ARGV;
  if ($option eq '--filter') { $filter = pack 'H*', $value }
  else { push @rules, [$value, $RIGHTS{$option} // fail("unknown option $option")] }
}
require POSIX;
my $numbers = $NUMBERS{(POSIX::uname())[4]} // fail('unknown architecture');
call('no_new_privs', $numbers->{prctl}, $SET_NO_NEW_PRIVS, 1, 0, 0, 0);
landlock() if @rules;
my $program = pack 'Sx6P', length($filter) / 8, $filter;
call('seccomp', $numbers->{seccomp}, $SECCOMP_SET_MODE_FILTER, 0, $program);
exec { $ARGV[0] } @ARGV or fail("$ARGV[0]: $!");

sub landlock {
  my $version = call('landlock', $LANDLOCK_CREATE, 0, 0, $ASK_VERSION);
  my $handled = $RIGHTS_OF_VERSION[$version > 5 ? 5 : $version];
  # Files; from version 4 TCP (bind, connect); from version 6 abstract sockets and signals to others.
  my @attributes = ($handled, $version >= 4 ? 3 : (), $version >= 6 ? 3 : ());
  my $attributes = pack 'Q*', @attributes;
  my $ruleset = call('landlock', $LANDLOCK_CREATE, $attributes, length $attributes, 0);
  for my $rule (@rules) {
    my ($path, $rights) = @$rule;
    next unless sysopen my $handle, $path, $O_PATH | $O_CLOEXEC;
    $rights &= $OF_FILES unless -d $path;
    my $beneath = pack 'Ql', $rights & $handled, fileno $handle;
    call("landlock: $path", $LANDLOCK_ADD_RULE, $ruleset, $PATH_BENEATH, $beneath, 0);
  }
  call('landlock', $LANDLOCK_RESTRICT, $ruleset, 0);
  POSIX::close($ruleset);
}

sub call {
  my ($what, $number, @arguments) = @_;
  my $result = syscall $number, @arguments;
  fail("$what: $!") if $result < 0;
  return $result;
}

sub fail { print STDERR "confine: $_[0]\n"; exit 125 }
